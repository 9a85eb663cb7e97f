import { randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { Clock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { OpenReview } from "./open-review.js";
import { hostInUrl, isLoopback } from "./serve-access.js";
import { Annotators } from "./serve-annotators.js";
import { type Answer, answerRequest, type ReviewSite } from "./serve-requests.js";

const REQUEST_TIMEOUT_MS = 30_000;
/** What answers under way get at the end. */
const CLOSING_MS = 1_000;

/** On every answer. */
const HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
} as const;

export interface ServeOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Whether another address than loopback is meant. */
  readonly allowRemote: boolean;
  readonly clock: Clock;
  /** Told of what is our bug. */
  readonly onFault: (error: unknown) => void;
}

/** A page for labelling that is being served. */
export interface ReviewServer {
  /** With the secret that lets a browser in. */
  readonly url: string;
  /** What whoever started it should know, one sentence each. */
  readonly warnings: readonly string[];
  /** Stops: answers under way are sent, then every connection is cut. */
  close(): Promise<void>;
}

/**
 * Serves a review as a web page. Whoever has the link may label; nobody else may read anything.
 *
 * @throws {UsageError} when the address reaches others and that was not allowed, or cannot be listened on
 */
export async function serveReview(review: OpenReview, options: ServeOptions): Promise<ReviewServer> {
  const { host, allowRemote, clock, onFault } = options;
  if (!isLoopback(host) && !allowRemote) {
    throw new UsageError(`--host ${host}: expected an address of this machine alone, such as 127.0.0.1`, {
      nextStep: "add --allow-remote to let others in the network label; nothing that is sent is encrypted",
    });
  }
  const annotators = new Annotators((annotator) => review.session(annotator, "review serve"), clock);
  const token = randomBytes(24).toString("base64url");
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const site: ReviewSite = {
    rubric: review.judge.name,
    mode: review.mode,
    annotators,
    token,
    host,
    port,
    onFault,
  };
  server.on("request", (request, response) => {
    answerRequest(request, site).then(
      (answer) => send(response, answer, request.complete),
      // The sender has gone in mid-request: nobody is left to answer.
      () => response.destroy(),
    );
  });
  return {
    url: `http://${reachableHost(host)}:${port}/?token=${token}`,
    warnings: isLoopback(host)
      ? []
      : [
          `others in the network reach ${host}: whoever has the link reads the traces and labels, and nothing is encrypted`,
        ],
    close: () => closeServer(server),
  };
}

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new UsageError(`cannot listen on ${hostInUrl(host)}:${port}: ${error.code ?? error.message}`, {
          cause: error,
          nextStep: "choose another --port; 0 takes a free one",
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

/** By number, not by name: see `isOwnHost`. */
function reachableHost(host: string): string {
  if (host !== "0.0.0.0" && host !== "::") return hostInUrl(host);
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4");
  return outside?.address ?? "127.0.0.1";
}

function send(response: ServerResponse, { status, headers, body }: Answer, isRead: boolean): void {
  // What was not read of the request would be taken for the next one.
  if (!isRead) response.setHeader("connection", "close");
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSING_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
