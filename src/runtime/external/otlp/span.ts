import type { Json } from "../../../core/hash.js";

/** Attributes by key; of a key that stands twice the last value counts. */
export type Attributes = ReadonlyMap<string, Json>;

/** A time-stamped note of a span. */
export interface SpanEvent {
  readonly name: string;
  /** Nanoseconds since the Unix epoch. */
  readonly timeNano: bigint;
  readonly attributes: Attributes;
}

/** One span as OpenTelemetry sends it, whatever the encoding was. */
export interface Span {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** `null` of a root span. */
  readonly parentSpanId: string | null;
  readonly name: string;
  /** Nanoseconds since the Unix epoch. */
  readonly startNano: bigint;
  readonly endNano: bigint;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly status: { readonly code: "unset" | "ok" | "error"; readonly message: string };
}

/** What one export holds. */
export interface SpanBatch {
  readonly spans: readonly Span[];
  /** Why spans were left out, one sentence each; such an export is accepted in part. */
  readonly rejected: readonly string[];
}

/** A request that is no export of traces: it cannot be read at all. */
export class MalformedExport extends Error {
  override readonly name = "MalformedExport";
}

/** Deepest nesting of attribute values that is read. */
export const MAX_VALUE_DEPTH = 32;

/** Fields of a span before its ids were checked. */
export interface RawSpan extends Omit<Span, "parentSpanId" | "status"> {
  readonly parentSpanId: string;
  readonly statusCode: number;
  readonly statusMessage: string;
}

const EMPTY_ID = /^0*$/;

/** Sorts spans into those that can be used and those without valid ids. */
export function spanBatch(raw: readonly RawSpan[]): SpanBatch {
  const spans: Span[] = [];
  const rejected: string[] = [];
  for (const { statusCode, statusMessage, ...span } of raw) {
    const problem = idProblem(span);
    if (problem !== null) {
      rejected.push(problem);
      continue;
    }
    spans.push({
      ...span,
      parentSpanId: EMPTY_ID.test(span.parentSpanId) ? null : span.parentSpanId,
      status: {
        code: statusCode === 2 ? "error" : statusCode === 1 ? "ok" : "unset",
        message: statusMessage,
      },
    });
  }
  return { spans, rejected };
}

function idProblem({ traceId, spanId, parentSpanId }: Pick<RawSpan, "traceId" | "spanId" | "parentSpanId">) {
  if (!isId(traceId, 32)) return "a span has no valid trace id, which is 16 bytes that are not all zero";
  if (!isId(spanId, 16)) return "a span has no valid span id, which is 8 bytes that are not all zero";
  if (parentSpanId !== "" && !/^[0-9a-f]{16}$/.test(parentSpanId))
    return "the parent id of a span is not 8 bytes";
  return null;
}

function isId(id: string, digits: number): boolean {
  return id.length === digits && /^[0-9a-f]+$/.test(id) && !EMPTY_ID.test(id);
}

/** An integer as a number where that is exact, else as decimal text: the same from either encoding. */
export function integerValue(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A double; what JSON has no number for becomes text. */
export function doubleValue(value: number): Json {
  return Number.isFinite(value) ? value + 0 : String(value);
}
