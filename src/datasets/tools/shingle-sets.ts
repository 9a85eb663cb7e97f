import { normaliseText } from "../../metrics/text.js";

/** Scripts that are written without spaces: each character is a word. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}])+/gu;
const ASCII_WORD = /[a-z0-9]+/g;
const ASCII_ONLY = /^[\0-\x7f]*$/;
/** More distinct prefixes than this cannot be packed with a word into one exact double. */
const MOST_IDS = 2 ** 26;

/** The words of a text in order, lower case, without punctuation; a text without any word is one word. */
export function wordsOf(text: string): readonly string[] {
  const normal = normaliseText(text);
  return normal.match(ASCII_ONLY.test(normal) ? ASCII_WORD : WORD) ?? [normal];
}

/**
 * The set of word shingles (runs of `shingleWords` words) of each text, as ascending numbers: equal numbers stand
 * for equal shingles, across all texts of one call and without collisions. A shorter text is one shingle.
 *
 * @param shingleWords - at least 1
 * @throws {RangeError} beyond 67 million distinct words or shingles
 */
export function shingleSets(texts: readonly string[], shingleWords: number): readonly Uint32Array[] {
  const words = new Map<string, number>();
  const shingles = new Map<number, number>();
  const idOf = <Key>(ids: Map<Key, number>, key: Key): number => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = ids.size + 1;
    if (id >= MOST_IDS) throw new RangeError(`expected fewer than ${MOST_IDS} distinct shingles`);
    ids.set(key, id);
    return id;
  };
  return texts.map((text) => {
    const ids = wordsOf(text).map((word) => idOf(words, word));
    const width = Math.min(shingleWords, ids.length);
    const found = new Set<number>();
    for (let start = 0; start + width <= ids.length; start++) {
      let shingle = 0;
      for (let offset = 0; offset < width; offset++) {
        shingle = idOf(shingles, shingle * MOST_IDS + ids[start + offset]!);
      }
      found.add(shingle);
    }
    return Uint32Array.from(found).sort();
  });
}

/**
 * Jaccard similarity of two ascending sets: shared elements over all elements, in [0, 1].
 *
 * @returns 1 for two empty sets
 * @see Jaccard 1912, New Phytologist 11(2):37
 */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i]!;
    const right = b[j]!;
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  const all = a.length + b.length - shared;
  return all === 0 ? 1 : shared / all;
}
