import { normaliseText } from "../../metrics/text.js";

/** Scripts that are written without spaces: each character is a word. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}])+/gu;
const ASCII_WORD = /[a-z0-9]+/g;
const ASCII_ONLY = /^[\0-\x7f]*$/;
/** Two numbers below this fit into one exact double. */
const MOST_IDS = 2 ** 26;

/** Fills up a text that is shorter than a shingle. */
const NO_WORD = 0;

/** The words of a text in order, lower case, without punctuation; a text without any word is one word. */
export function wordsOf(text: string): readonly string[] {
  const normal = normaliseText(text);
  return normal.match(ASCII_ONLY.test(normal) ? ASCII_WORD : WORD) ?? [normal];
}

/**
 * The set of word shingles (runs of `shingleWords` words) of each text, as ascending numbers below 2^52: equal
 * numbers stand for equal shingles, across all texts of one call and without collisions. A shorter text is one
 * shingle.
 *
 * @param shingleWords - at least 1
 * @throws {RangeError} beyond 67 million distinct words or beginnings of shingles
 */
export function shingleSets(texts: readonly string[], shingleWords: number): readonly Float64Array[] {
  const words = new Numbering<string>();
  const beginnings = new Numbering<number>();
  return texts.map((text) => {
    const ids = wordsOf(text).map((word) => words.numberOf(word));
    while (ids.length < shingleWords) ids.push(NO_WORD);
    const shingles = new Float64Array(ids.length - shingleWords + 1);
    for (let start = 0; start < shingles.length; start++) {
      // Only beginnings are numbered: to number every shingle would take most of the time of a check.
      let shingle = ids[start]!;
      for (let offset = 1; offset < shingleWords; offset++) {
        const beginning = offset === 1 ? shingle : beginnings.numberOf(shingle);
        shingle = beginning * MOST_IDS + ids[start + offset]!;
      }
      shingles[start] = shingle;
    }
    return withoutRepetitions(shingles.sort());
  });
}

/** Gives each distinct key a number from 1, in the order of their coming. */
class Numbering<Key> {
  private readonly numbers = new Map<Key, number>();

  numberOf(key: Key): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.numbers.size + 1;
    if (number >= MOST_IDS) throw new RangeError(`expected fewer than ${MOST_IDS} distinct shingles`);
    this.numbers.set(key, number);
    return number;
  }
}

function withoutRepetitions(sorted: Float64Array): Float64Array {
  let length = 0;
  for (const value of sorted) {
    if (length === 0 || value !== sorted[length - 1]) sorted[length++] = value;
  }
  return sorted.slice(0, length);
}

/**
 * Jaccard similarity of two ascending sets: shared elements over all elements, in [0, 1]; or `null` when it lies
 * below the threshold. Two empty sets are equal.
 *
 * The search starts at the highest numbers, those of shingles that came late and are therefore rare, and gives up
 * when too many are not shared: texts made from one template are told apart after a few steps.
 *
 * @see Jaccard 1912, New Phytologist 11(2):37
 */
export function jaccardFrom(threshold: number, a: Float64Array, b: Float64Array): number | null {
  const elements = a.length + b.length;
  if (elements === 0) return 1;
  // shared / (elements - shared) >= threshold allows this many elements without a partner; half an element of
  // room keeps rounding from deciding, which the exact comparison at the end does.
  const mostAlone = (elements * (1 - threshold)) / (1 + threshold) + 0.5;
  let alone = 0;
  let i = a.length - 1;
  let j = b.length - 1;
  while (i >= 0 && j >= 0) {
    const left = a[i]!;
    const right = b[j]!;
    if (left !== right && ++alone > mostAlone) return null;
    if (left >= right) i--;
    if (right >= left) j--;
  }
  const unshared = alone + i + j + 2;
  const shared = (elements - unshared) / 2;
  const similarity = shared / (shared + unshared);
  return similarity >= threshold ? similarity : null;
}
