const SUFFIXES: readonly (readonly [suffix: string, replacement: string])[] = [
  ["ifications", "ifi"],
  ["ification", "ifi"],
  ["abilities", ""],
  ["ibilities", ""],
  ["ability", ""],
  ["ibility", ""],
  ["ations", ""],
  ["ation", ""],
  ["ments", ""],
  ["ment", ""],
  ["ities", ""],
  ["ingly", ""],
  ["ness", ""],
  ["able", ""],
  ["ible", ""],
  ["ions", ""],
  ["ity", ""],
  ["ion", ""],
  ["ing", ""],
  ["ies", "i"],
  ["ied", "i"],
  ["ed", ""],
  ["es", ""],
  ["ly", ""],
  ["y", "i"],
  ["s", ""],
  ["e", ""],
];
const MIN_STEM = 3;

/**
 * Light suffix stripping for English: "cancelled", "cancellation" and "cancels" share one stem, and so do
 * "verify" and "verification". Stems are keys for comparison, not words. Words with a digit stay whole.
 *
 * @param word - lower-case letters or digits
 */
export function stem(word: string): string {
  if (word.length <= MIN_STEM || /\d/.test(word)) return word;
  for (const [suffix, replacement] of SUFFIXES) {
    if (!word.endsWith(suffix) || word.length - suffix.length < MIN_STEM) continue;
    return undouble(word.slice(0, word.length - suffix.length) + replacement);
  }
  return undouble(word);
}

function undouble(text: string): string {
  const last = text.at(-1);
  return text.length > MIN_STEM && last === text.at(-2) && last !== undefined ? text.slice(0, -1) : text;
}
