import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { UsageError } from "../../core/errors.js";
import { hostInUrl, isLoopback } from "./access.js";

const REQUEST_TIMEOUT_MS = 30_000;
/** What answers under way get at the end. */
const CLOSING_MS = 1_000;

/** On every answer, unless it says otherwise. */
const HEADERS = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
} as const;

/** What is sent back for one request. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] };
  readonly body: string;
}

/** Where a server listens. */
export interface Listening {
  /** Address to listen on. */
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Whether another address than loopback is meant. */
  readonly allowRemote: boolean;
}

/** What others in the network could do, in words. */
export interface RemoteWords {
  /** E.g. `let others in the network label`. */
  readonly offer: string;
  /** E.g. `whoever has the link reads the traces and labels`. */
  readonly warning: string;
}

/** A server of this machine that runs. */
export interface LocalServer {
  readonly port: number;
  /** Where browsers find it, without a slash at the end. */
  readonly origin: string;
  /** What whoever started it should know, one sentence each. */
  readonly warnings: readonly string[];
  /** Stops: answers under way are sent, then every connection is cut. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server for browsers of this machine.
 *
 * @param answerAt - answers one request, given the port that was found; rejects only when the sender has gone
 * @throws {UsageError} when the address reaches others and that was not allowed, or cannot be listened on
 */
export async function startLocalServer(
  listening: Listening,
  words: RemoteWords,
  answerAt: (port: number) => (request: IncomingMessage) => Promise<Answer>,
): Promise<LocalServer> {
  const { host, allowRemote } = listening;
  if (!isLoopback(host) && !allowRemote) {
    throw new UsageError(`--host ${host}: expected an address of this machine alone, such as 127.0.0.1`, {
      nextStep: `add --allow-remote to ${words.offer}; nothing that is sent is encrypted`,
    });
  }
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS });
  await listen(server, listening);
  const { port } = server.address() as AddressInfo;
  const answer = answerAt(port);
  server.on("request", (request, response) => {
    answer(request).then(
      (found) => send(response, found, request),
      // The sender has gone in mid-request: nobody is left to answer.
      () => response.destroy(),
    );
  });
  return {
    port,
    origin: `http://${reachableHost(host)}:${port}`,
    warnings: isLoopback(host)
      ? []
      : [`others in the network reach ${host}: ${words.warning}, and nothing is encrypted`],
    close: () => closeServer(server),
  };
}

function listen(server: Server, { host, port }: Listening): Promise<void> {
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

function send(response: ServerResponse, answer: Answer, request: IncomingMessage): void {
  const { status, headers, body } = answer;
  // What was not read of the request would be taken for the next one.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, { ...HEADERS, ...headers, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
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
