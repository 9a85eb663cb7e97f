import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AgentErrors } from "../agent-errors.js";

/** Milliseconds; see `timeouts` of the agent file. */
export interface HttpTimeouts {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly timeouts: HttpTimeouts;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly errors: AgentErrors;
}

/** The head of a response. */
export interface HttpHead {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
}

/**
 * Sends one request over a connection of its own, which is gone when this returns. No redirect is followed.
 *
 * @param onData - given the pieces of the body of a 2xx response; what it throws ends the request
 * @throws {ProviderError} when there is no whole response
 */
export function sendHttp(sent: HttpRequest, onData: (piece: Uint8Array) => void): Promise<HttpHead> {
  const { url, signal, errors, timeouts, maxBytes } = sent;
  if (signal.aborted) return Promise.reject(errors.aborted());
  return new Promise((resolve, reject) => {
    const timers = new Timers();
    let response: IncomingMessage | null = null;
    const outgoing = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
      method: sent.method,
      // A kept connection would outlive its conversation.
      agent: false,
      headers: { ...sent.headers, "content-length": Buffer.byteLength(sent.body) },
    });
    const settle = () => {
      timers.clear();
      signal.removeEventListener("abort", onAbort);
    };
    const fail = (error: unknown) => {
      settle();
      reject(error);
      outgoing.destroy();
    };
    const onAbort = () => fail(errors.aborted());
    signal.addEventListener("abort", onAbort, { once: true });
    const late = (what: string, setting: string) => () => fail(errors.timeout(what, `timeouts.${setting}`));
    timers.set(
      "total",
      timeouts.totalMs,
      late(`gave no whole response within ${timeouts.totalMs} ms`, "total_ms"),
    );
    timers.set(
      "connect",
      timeouts.connectMs,
      late(`took no connection within ${timeouts.connectMs} ms`, "connect_ms"),
    );

    outgoing.on("socket", (socket) => {
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        timers.drop("connect");
        timers.set(
          "byte",
          timeouts.firstByteMs,
          late(`did not begin to respond within ${timeouts.firstByteMs} ms`, "first_byte_ms"),
        );
      });
    });
    outgoing.on("error", (error) => {
      const reason = "code" in error ? String(error.code) : "connection failed";
      const broke =
        response === null
          ? `cannot be reached (${reason})`
          : `broke off in the middle of its response (${reason})`;
      fail(errors.unavailable(broke, "See that the agent is up and that `url` of the agent file is right."));
    });
    outgoing.on("response", (incoming) => {
      response = incoming;
      timers.drop("byte");
      const idle = () =>
        timers.set(
          "idle",
          timeouts.idleMs,
          late(`fell silent for ${timeouts.idleMs} ms within its response`, "idle_ms"),
        );
      idle();
      let size = 0;
      const status = incoming.statusCode ?? 0;
      const isGood = status >= 200 && status < 300;
      incoming.on("data", (piece: Buffer) => {
        idle();
        size += piece.length;
        try {
          if (size > maxBytes) {
            throw errors.badReply(
              `sent more than ${maxBytes} bytes`,
              "Raise max_response_bytes in the agent file if its responses are known to be this long.",
            );
          }
          if (isGood) onData(piece);
        } catch (error) {
          fail(error);
        }
      });
      incoming.on("error", (error) => outgoing.emit("error", error));
      incoming.on("end", () => {
        settle();
        outgoing.destroy();
        resolve({
          status,
          header: (name) => {
            const value = incoming.headers[name];
            return Array.isArray(value) ? value[0] : value;
          },
        });
      });
    });
    outgoing.end(sent.body);
  });
}

/** Timers by name; setting one again starts it anew. */
class Timers {
  private readonly running = new Map<string, NodeJS.Timeout>();

  set(name: string, ms: number, then: () => void): void {
    this.drop(name);
    this.running.set(name, setTimeout(then, ms));
  }

  drop(name: string): void {
    clearTimeout(this.running.get(name));
    this.running.delete(name);
  }

  clear(): void {
    for (const name of [...this.running.keys()]) this.drop(name);
  }
}
