export interface TruncatedResult {
  readonly text: string;
  /** Characters (UTF-16 code units) that were removed; 0 when nothing was. */
  readonly removedChars: number;
}

/**
 * Cuts a tool result that is too long for a model's context in its middle: the head names what it is, the
 * tail often holds totals and errors. The marker says how much is gone, so that a model can ask for less.
 *
 * @param maxChars - longest text kept (the marker comes on top), at least 1
 */
export function truncateResult(text: string, maxChars: number): TruncatedResult {
  if (text.length <= maxChars) return { text, removedChars: 0 };
  const headChars = Math.ceil(maxChars * 0.7);
  const tailChars = maxChars - headChars;
  const removedChars = text.length - headChars - tailChars;
  const tail = tailChars === 0 ? "" : text.slice(-tailChars);
  return {
    text: `${text.slice(0, headChars)}\n[… ${removedChars} characters removed …]\n${tail}`,
    removedChars,
  };
}
