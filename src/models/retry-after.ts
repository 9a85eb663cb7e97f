/**
 * How long a provider asked to wait.
 *
 * Reads `retry-after-ms` (milliseconds, as OpenAI and Azure send it), then `Retry-After` as seconds or as an
 * HTTP date.
 *
 * @param header - looks a header up by name
 * @param nowMs - milliseconds since the epoch, to count an HTTP date from
 * @returns milliseconds, at least 0; `undefined` when there is no such header or it cannot be read
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(
  header: (name: string) => string | null | undefined,
  nowMs: number,
): number | undefined {
  const inMs = nonNegative(header("retry-after-ms"));
  if (inMs !== undefined) return inMs;
  const text = header("retry-after");
  const seconds = nonNegative(text);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  if (!text || !/[a-z]/i.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function nonNegative(text: string | null | undefined): number | undefined {
  if (!text || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
