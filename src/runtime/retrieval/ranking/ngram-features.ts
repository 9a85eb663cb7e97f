import { stem } from "../../../models/embedded/stem.js";
import { STOP_WORDS } from "../../../models/embedded/stop-words.js";

/** Feature hash → weight in one text. Hashes are unsigned 32-bit. */
export type Features = ReadonlyMap<number, number>;

const WORD = /[\p{L}\p{N}]+/gu;
const SHORTEST = 3;
const LONGEST = 4;
const MAX_WORD_LENGTH = 40;
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Told apart by the first byte, so that the stem "abc" and the n-gram "abc" are two features. */
const STEM_MARK = 1;
const NGRAM_MARK = 2;
const BORDER = 95;

/**
 * Stems and character n-grams (3 and 4 letters, with word borders) of a text, hashed, with their counts. Stop words are
 * left out, unless nothing else is there. Accents are dropped, so that "cafe" finds "café".
 */
export function ngramFeatures(text: string): Features {
  const words =
    text
      .normalize("NFD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase()
      .match(WORD) ?? [];
  const content = words.filter((word) => !STOP_WORDS.has(word));
  const found = new Map<number, number>();
  for (const word of content.length > 0 ? content : words) addWord(found, word.slice(0, MAX_WORD_LENGTH));
  return found;
}

function addWord(found: Map<number, number>, word: string): void {
  const key = hashOf(STEM_MARK, stem(word));
  const ngrams = word.length + 2 - SHORTEST + 1 + (word.length + 2 - LONGEST + 1);
  found.set(key, (found.get(key) ?? 0) + 1);
  // The n-grams of a word together are about as long a vector as its stem.
  const share = 1 / Math.sqrt(Math.max(1, ngrams));
  for (let size = SHORTEST; size <= LONGEST; size += 1) {
    for (let start = -1; start + size <= word.length + 1; start += 1) {
      const gram = gramHash(word, start, size);
      found.set(gram, (found.get(gram) ?? 0) + share);
    }
  }
}

function hashOf(mark: number, text: string): number {
  let hash = Math.imul(OFFSET ^ mark, PRIME);
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return mixed(hash);
}

function gramHash(word: string, start: number, size: number): number {
  let hash = Math.imul(OFFSET ^ NGRAM_MARK, PRIME);
  for (let at = start; at < start + size; at += 1) {
    const code = at < 0 || at >= word.length ? BORDER : word.charCodeAt(at);
    hash = Math.imul(hash ^ code, PRIME);
  }
  return mixed(hash);
}

/** Spreads the bits, so that low and high ones can be used on their own. */
function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
