import { stem } from "./stem.js";
import { STOP_WORDS } from "./stop-words.js";

const WORD = /[\p{L}\p{N}]+/gu;

const stems = new Map<string, string | null>();
const MAX_REMEMBERED = 20_000;

/** Stem of a word, or `null` for a stop word; remembered, because a prompt repeats its words. */
function contentStem(word: string): string | null {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const found = STOP_WORDS.has(word) ? null : stem(word);
  if (stems.size >= MAX_REMEMBERED) stems.clear();
  stems.set(word, found);
  return found;
}

/** Lower-case words of a text in order; letters and digits only, accents kept. */
export function words(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/** Stems of the words of a text that carry its topic, in order, repeats included. */
export function contentStems(text: string): string[] {
  const found: string[] = [];
  for (const word of words(text)) {
    const key = contentStem(word);
    if (key !== null) found.push(key);
  }
  return found;
}
