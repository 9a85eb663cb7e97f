import { randomFillSync } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { RequestIds } from "./forward-headers.js";

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/;

/** Random bytes of many requests are drawn at once: a draw costs more than the bytes. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/** Ids that the client gave, or new ones. */
export function requestIds(headers: IncomingHttpHeaders): RequestIds {
  const given = headers["x-request-id"];
  const { traceparent } = headers;
  const traceId = typeof traceparent === "string" ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  if (typeof traceparent === "string" && traceId !== undefined && !/^0+$/.test(traceId)) {
    return { requestId: isRequestId(given) ? given : randomHex(16), traceId, traceparent };
  }
  const made = randomHex(16);
  return {
    requestId: isRequestId(given) ? given : made,
    traceId: made,
    traceparent: `00-${made}-${randomHex(8)}-01`,
  };
}

function isRequestId(given: string | string[] | undefined): given is string {
  return typeof given === "string" && REQUEST_ID.test(given);
}

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}
