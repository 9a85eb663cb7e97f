import type { CaseMetric } from "../metric.js";
import { wordsIn } from "../text.js";
import { lcsLength } from "./longest-common-subsequence.js";
import { countsOf, sharedCount } from "./n-grams.js";
import { type Comparison, f1, referenceMetric } from "./reference.js";

/** Largest product of the word counts of both texts that ROUGE-L compares: two texts of 20,000 words. */
const MOST_ROUGE_L_CELLS = 4e8;

/**
 * ROUGE-N: F-measure over word n-grams, each counted as often as both texts hold it.
 *
 * @returns [0, 1]; no score when the reference has fewer than n words
 * @see Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries"
 */
export function rougeN(answer: string, reference: string, n: 1 | 2): Comparison {
  const wanted = wordsIn(reference);
  if (wanted.length < n) return { unscored: `the reference answer has fewer than ${n} words` };
  const found = wordsIn(answer);
  const shared = sharedCount(countsOf(found, n), countsOf(wanted, n));
  return f1(shared, found.length - n + 1, wanted.length - n + 1);
}

/**
 * ROUGE-L: F-measure over the longest common subsequence of words.
 *
 * @returns [0, 1]; no score when the reference has no word, or the texts are longer than {@link MOST_ROUGE_L_CELLS}
 */
export function rougeL(answer: string, reference: string): Comparison {
  const wanted = wordsIn(reference);
  if (wanted.length === 0) return { unscored: "the reference answer has fewer than 1 words" };
  const found = wordsIn(answer);
  if (found.length * wanted.length > MOST_ROUGE_L_CELLS) {
    return { unscored: "answer and reference are too long for ROUGE-L" };
  }
  return f1(lcsLength(found, wanted), found.length, wanted.length);
}

const source =
  "Lin 2004; F-measure and tokens of Google's rouge_score without stemming, words of any script beyond ASCII";

function rougeMetric(
  name: string,
  description: string,
  emptyReference: string,
  compare: (answer: string, reference: string) => Comparison,
): CaseMetric {
  const agreesWith =
    "Google's rouge_score on ASCII text, except that it gives 0 where the reference is too short to be compared; promptfoo `rouge-n` (js-rouge) is not checked";
  return referenceMetric({ name, description, source, emptyReference, agreesWith }, compare);
}

/** ROUGE-1, F-measure. */
export const rouge1: CaseMetric = rougeMetric(
  "rouge_1",
  "Overlap of the answer's and the reference answer's words, as F-measure, order aside.",
  "A reference without words: no score. An answer without words: 0.",
  (answer, reference) => rougeN(answer, reference, 1),
);

/** ROUGE-2, F-measure. */
export const rouge2: CaseMetric = rougeMetric(
  "rouge_2",
  "Overlap of the answer's and the reference answer's pairs of neighbouring words, as F-measure.",
  "A reference of fewer than two words: no score. An answer of fewer than two words: 0.",
  (answer, reference) => rougeN(answer, reference, 2),
);

/** ROUGE-L, F-measure. */
export const rougeLongest: CaseMetric = rougeMetric(
  "rouge_l",
  "Length of the longest common subsequence of words of answer and reference answer, as F-measure: overlap in order.",
  "A reference without words: no score. An answer without words: 0. Texts whose word counts multiply to over 400 million: no score.",
  rougeL,
);
