import { randomFillSync } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { SpanContext } from "../parts.js";
import { isSampled, readTraceparent, SAMPLED, traceparentOf } from "./trace-context.js";

/** Who a request is, in logs and traces. */
export interface RequestIds {
  readonly requestId: string;
  /** 32 hex digits. */
  readonly traceId: string;
  /** For the arm. */
  readonly traceparent: string;
  /** Whether the caller's `tracestate` belongs to the trace. */
  readonly keepsTraceState: boolean;
  /** Span of the gateway that is exported; `null`: none is. */
  readonly span: SpanContext | null;
}

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;
/** Vendors are to pass on so many characters; a longer one stands in no span. */
const MOST_TRACE_STATE = 512;

/** Random bytes of many requests are drawn at once: a draw costs more than the bytes. */
const pool = Buffer.alloc(4096);
let used = pool.length;

/**
 * Ids that the client gave, or new ones. Where the gateway exports a span, the arm is told of that one; where it does not, of
 * the caller's, so that no trace names a span that nobody has.
 *
 * @param sample - share of the traces that are exported, 0 to 1; `null`: traces are not exported
 */
export function requestIds(headers: IncomingHttpHeaders, sample: number | null): RequestIds {
  const given = headers["x-request-id"];
  const caller = readTraceparent(headers.traceparent);
  const traceId = caller?.traceId ?? randomHex(16);
  const requestId = isRequestId(given) ? given : caller === null ? traceId : randomHex(16);
  const isInSample = sample !== null && isSampled(traceId, sample);
  const flags = caller?.flags ?? (sample === null || isInSample ? SAMPLED : 0);
  const isExported = isInSample && (flags & SAMPLED) !== 0;
  if (caller !== null && !isExported) {
    const traceparent = headers.traceparent as string;
    return { requestId, traceId, traceparent, keepsTraceState: true, span: null };
  }
  const spanId = randomHex(8);
  return {
    requestId,
    traceId,
    traceparent: traceparentOf(traceId, spanId, flags),
    keepsTraceState: caller !== null,
    span: isExported
      ? {
          spanId,
          parentSpanId: caller?.spanId ?? null,
          flags,
          traceState: caller === null ? null : traceStateOf(headers.tracestate),
        }
      : null,
  };
}

/** A span within another one of the same trace. */
export function spanWithin({ spanId, flags, traceState }: SpanContext): SpanContext {
  return { spanId: randomHex(8), parentSpanId: spanId, flags, traceState };
}

function traceStateOf(header: string | string[] | undefined): string | null {
  return typeof header === "string" && header.length <= MOST_TRACE_STATE ? header : null;
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
