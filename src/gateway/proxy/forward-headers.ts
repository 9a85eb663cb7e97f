import type { IncomingMessage } from "node:http";
import type { Wire } from "./api-routes.js";
import type { RequestIds } from "./request-ids.js";

/** Belong to one connection. RFC 9110, 7.6.1. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

const NOT_ANSWERED: ReadonlySet<string> = new Set(HOP_BY_HOP);

/** What a client says to the gateway alone: its keys and cookies are none of the arm's business. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  "host",
  "content-length",
  "expect",
  "authorization",
  "x-api-key",
  "api-key",
  "cookie",
  // Compressed answers could not be read on the side.
  "accept-encoding",
  "x-request-id",
  "traceparent",
]);

const OWN_PREFIX = "x-agentctl-";

/** Headers for an arm, names and values in turns, without its key. */
export function requestHeaders(
  { rawHeaders, headers }: Pick<IncomingMessage, "rawHeaders" | "headers">,
  ids: RequestIds,
): string[] {
  const named = namedByConnection(headers.connection);
  const kept = ["traceparent", ids.traceparent, "x-request-id", ids.requestId, "accept-encoding", "identity"];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const lower = name.toLowerCase();
    if (NOT_ASKED.has(lower) || lower.startsWith(OWN_PREFIX) || named?.has(lower) === true) continue;
    if (lower === "tracestate" && !ids.keepsTraceState) continue;
    kept.push(name, rawHeaders[at + 1] ?? "");
  }
  return kept;
}

/** The same headers, of another span. */
export function withTraceparent([, , ...others]: readonly string[], traceparent: string): string[] {
  return ["traceparent", traceparent, ...others];
}

/** How an arm wants its key. */
export function keyHeaders(wire: Wire, key: string | null): readonly string[] {
  if (key === null) return [];
  return wire === "messages" ? ["x-api-key", key] : ["authorization", `Bearer ${key}`];
}

/** Headers for the client, names and values in turns: `own`, to which those of the arm are added. */
export function answerHeaders(rawHeaders: readonly string[], own: string[]): string[] {
  const named = namedByConnection(headerOf(rawHeaders, "connection"));
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const lower = name.toLowerCase();
    if (NOT_ANSWERED.has(lower) || lower.startsWith(OWN_PREFIX) || named?.has(lower) === true) continue;
    own.push(name, rawHeaders[at + 1] ?? "");
  }
  return own;
}

/** First value of a header; `undefined` when there is none. */
export function headerOf(rawHeaders: readonly string[], wanted: string): string | undefined {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    // Most names differ in length already.
    if (name.length === wanted.length && name.toLowerCase() === wanted) return rawHeaders[at + 1];
  }
  return undefined;
}

/** `Connection: x-hop` makes `x-hop` a header of the connection, too. */
function namedByConnection(value: string | undefined): ReadonlySet<string> | null {
  if (value === undefined || /^(keep-alive|close)$/i.test(value)) return null;
  return new Set(value.split(",").map((name) => name.trim().toLowerCase()));
}
