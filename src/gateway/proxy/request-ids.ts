import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { RequestIds } from "./forward-headers.js";

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/;

/** Ids that the client gave, or new ones. */
export function requestIds(headers: IncomingHttpHeaders): RequestIds {
  const given = headers["x-request-id"];
  const requestId = typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
  const { traceparent } = headers;
  const traceId = typeof traceparent === "string" ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
  if (typeof traceparent === "string" && traceId !== undefined && !/^0+$/.test(traceId)) {
    return { requestId, traceId, traceparent };
  }
  const made = randomUUID().replaceAll("-", "");
  return {
    requestId,
    traceId: made,
    traceparent: `00-${made}-${randomUUID().replaceAll("-", "").slice(16)}-01`,
  };
}
