import { isIP } from "node:net";
import { isAbsolute, join, resolve } from "node:path";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { UsageError } from "../../core/errors.js";

/** Configuration for a program that splits traffic. */
export interface Rendered {
  readonly files: readonly RenderedFile[];
  /** How to run it, what to put into release.yaml, and what it does not do. */
  readonly notes: readonly string[];
}

interface RenderedFile {
  /** Below the folder that is written to. */
  readonly name: string;
  readonly text: string;
  /** Holds the split of a running service: one that is there is left alone. */
  readonly isState?: true;
}

/** Where things are. */
export interface RenderPlace {
  /** Of release.yaml. */
  readonly folder: string;
  /** Where the rendered files will lie. */
  readonly out: string;
}

/** A server as proxies want it. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Host is an address, not a name that is looked up. */
  readonly isAddress: boolean;
  /** `HOST:PORT`, in brackets for IPv6. */
  readonly address: string;
}

/** @throws {UsageError} when the URL has a path: proxies pass paths on as they are */
export function serverOf(place: string, text: string): Server {
  const url = new URL(text);
  if (url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw new UsageError(
      `release.yaml: ${place} expected scheme, host and port alone, found ${url.origin}${url.pathname}`,
      { nextStep: "serve the arm at the root of its host" },
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isTls = url.protocol === "https:";
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  const isAddress = isIP(host) !== 0;
  return { host, port, isTls, isAddress, address: `${isIP(host) === 6 ? `[${host}]` : host}:${port}` };
}

/** Both arms, and where clients come in. */
export function serversOf(release: ReleaseConfig) {
  return {
    stable: serverOf("stable.url", release.stable.url),
    canary: serverOf("canary.url", release.canary.url),
    traffic: serverOf("traffic", release.traffic),
  };
}

/** A path of release.yaml, absolute. Programs quote no paths alike: only plain characters are taken. */
export function plainPath(folder: string, path: string): string {
  const whole = isAbsolute(path) ? path : resolve(join(folder, path));
  if (/^[A-Za-z0-9/._@+-]+$/.test(whole)) return whole;
  throw new UsageError(`expected a path of letters, digits and ./_@+-, found ${JSON.stringify(whole)}`, {
    nextStep: "write into another folder with --out",
  });
}

/** Name of a request header, checked: it goes into configuration unquoted. */
export function plainHeader(name: string): string {
  if (/^[A-Za-z0-9-]+$/.test(name)) return name.toLowerCase();
  throw new UsageError(
    `release.yaml: key_header expected letters, digits and \`-\`, found ${JSON.stringify(name)}`,
    {
      nextStep: "name a header such as x-conversation-id",
    },
  );
}

/** Where the lines of live events go that the proxy writes: into the first folder of `events`. */
export function eventFile(release: ReleaseConfig, { folder }: RenderPlace, proxy: string): string {
  const [first = ".agentctl/events"] = release.events;
  return plainPath(folder, first.endsWith(".jsonl") ? first : join(first, `${proxy}.jsonl`));
}
