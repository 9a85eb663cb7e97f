/** What a caller says of the trace that its request belongs to. */
export interface TraceCaller {
  /** 32 hex digits. */
  readonly traceId: string;
  /** Span of the caller, 16 hex digits. */
  readonly spanId: string;
  /** Bits of W3C: 1 is sampled, 2 says that the trace id is random. */
  readonly flags: number;
}

export const SAMPLED = 1;
/** Bits that a version 00 has; others are not passed on. */
const KNOWN_FLAGS = 3;

const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent`. A later version counts as far as it begins as version 00 does; what is no traceparent is `null`, as
 * if it had not been sent: its `tracestate` must then go, too.
 *
 * @see https://www.w3.org/TR/trace-context/#versioning-of-traceparent
 */
export function readTraceparent(header: string | string[] | undefined): TraceCaller | null {
  if (typeof header !== "string") return null;
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === "00" && rest !== undefined) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

/**
 * Whether a trace is in a sample. By its id: every process that samples so keeps the same traces.
 *
 * @param traceId - 32 hex digits
 * @param rate - share that is kept, 0 to 1
 */
export function isSampled(traceId: string, rate: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < rate;
}

export function traceparentOf(traceId: string, spanId: string, flags: number): string {
  return `00-${traceId}-${spanId}-0${flags}`;
}
