import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseReleaseFile } from "../../../config/release/parse-release-file.js";
import type { ReleaseConfig } from "../../../config/release/release-schema.js";
import type { LiveEvent } from "../../../core/live-event.js";
import type { Rendered, RenderPlace } from "../../render/rendered.js";
import type { RouterContext } from "../router-context.js";
import { type ArmServers, answers, freePort, startArmServers, until } from "./arm-servers.js";

/** A proxy with the configuration that agentctl renders for it, before two servers, all on loopback. */
export interface ProxyBench {
  readonly folder: string;
  readonly release: ReleaseConfig;
  readonly context: RouterContext;
  readonly servers: ArmServers;
  readonly url: string;
  /** Live events that the proxy has written. */
  events(): readonly LiveEvent[];
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The first process of the proxy. */
  pid(): number;
  close(): Promise<void>;
}

export interface ProxyProgram {
  readonly name: string;
  /** The `router:` of release.yaml. */
  router(place: { readonly folder: string; readonly statusPort: number }): object;
  render(release: ReleaseConfig, place: RenderPlace): Rendered;
  /** Command line, and where its standard output goes. */
  command(folder: string): { readonly args: readonly [string, ...string[]]; readonly output: string };
}

export async function openProxyBench(program: ProxyProgram): Promise<ProxyBench> {
  const folder = mkdtempSync(join(tmpdir(), `agentctl-${program.name}-`));
  const servers = await startArmServers();
  const url = `http://127.0.0.1:${await freePort()}`;
  const release = parseReleaseFile(
    JSON.stringify({
      version: 1,
      service: "support",
      traffic: url,
      stable: { url: servers.urls.stable },
      canary: { url: servers.urls.canary },
      router: program.router({ folder, statusPort: await freePort() }),
      events: ["events"],
    }),
    "release.yaml",
  );
  mkdirSync(join(folder, "events"));
  for (const { name, text } of program.render(release, { folder, out: folder }).files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  let child: ChildProcess | null = null;
  const kill = async () => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    // The group: master and workers at once, as when the machine dies.
    process.kill(-child.pid, "SIGKILL");
    await ended;
  };
  const start = async () => {
    const { args, output } = program.command(folder);
    const [file, ...rest] = args;
    const log = openSync(output, "a");
    const errors = openSync(join(folder, "stderr.log"), "a");
    child = spawn(file, rest, { stdio: ["ignore", log, errors], detached: true });
    closeSync(log);
    closeSync(errors);
    await until(`${program.name} answers`, () => answers(url)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${readFileSync(join(folder, "stderr.log"), "utf8")}`);
    });
  };
  const bench: ProxyBench = {
    folder,
    release,
    servers,
    url,
    context: { folder, readSecret: () => "", environment: process.env },
    events: () =>
      readFileSync(join(folder, "events", `${program.name}.jsonl`), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as LiveEvent),
    kill,
    start,
    pid: () => child?.pid ?? 0,
    close: async () => {
      await kill();
      await servers.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await bench.close();
    throw error;
  }
  return bench;
}
