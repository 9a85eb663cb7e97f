import { estimateTextTokens } from "./estimate-tokens.js";

const MARK = " […] ";

/**
 * The longest head of a text that fits, with a mark where it was cut.
 *
 * @returns the text itself when it fits; empty when not even the mark does
 */
export function cutEnd(text: string, maxTokens: number): string {
  if (estimateTextTokens(text) <= maxTokens) return text;
  return longest(text.length, maxTokens, (kept) => `${text.slice(0, kept).trimEnd()}${MARK.trimEnd()}`);
}

/** The same with the middle left out: the tail of a tool result often holds totals and errors. */
export function cutMiddle(text: string, maxTokens: number): string {
  if (estimateTextTokens(text) <= maxTokens) return text;
  return longest(text.length, maxTokens, (kept) => {
    const head = Math.ceil(kept * 0.7);
    const tail = kept - head;
    return `${text.slice(0, head)}${MARK}${tail === 0 ? "" : text.slice(-tail)}`;
  });
}

function longest(length: number, maxTokens: number, cut: (kept: number) => string): string {
  let fits = -1;
  let tooLong = length + 1;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (estimateTextTokens(cut(middle)) <= maxTokens) fits = middle;
    else tooLong = middle;
  }
  return fits === -1 ? "" : cut(fits);
}
