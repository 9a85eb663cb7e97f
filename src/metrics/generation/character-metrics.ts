import { distance } from "fastest-levenshtein";
import type { CaseMetric } from "../metric.js";
import { singleUnitTexts } from "./code-points.js";
import { sharedCount, unitCountsOf } from "./n-grams.js";
import { type Comparison, referenceMetric } from "./reference.js";

const LONGEST_GRAM = 6;
const BETA_SQUARED = 4;
/** Largest product of the lengths of both texts that the edit distance compares: two texts of 30,000 characters. */
const MOST_EDIT_CELLS = 9e8;

/**
 * chrF2: precision and recall of character 1- to 6-grams, each averaged over the orders that both texts have, then
 * the F-measure that weighs recall twice as much (beta 2). White space does not count, case does.
 *
 * @returns [0, 1]; no score when the reference is empty
 * @see Popović 2015; Post 2018 (sacreBLEU, nc:6 nw:0 beta 2, effective order)
 */
export function chrF(answer: string, reference: string): Comparison {
  const [found, wanted] = singleUnitTexts(answer.replace(/\s+/g, ""), reference.replace(/\s+/g, ""));
  if (wanted === "") return { unscored: "the reference answer has no characters" };
  const orders = Math.min(LONGEST_GRAM, found.length, wanted.length);
  if (orders === 0) return 0;
  let precision = 0;
  let recall = 0;
  for (let n = 1; n <= orders; n++) {
    const shared = sharedCount(unitCountsOf(found, n), unitCountsOf(wanted, n));
    precision += shared / (found.length - n + 1) / orders;
    recall += shared / (wanted.length - n + 1) / orders;
  }
  if (precision + recall === 0) return 0;
  const f = ((1 + BETA_SQUARED) * precision * recall) / (BETA_SQUARED * precision + recall);
  return Math.min(1, f);
}

/**
 * 1 minus the Levenshtein distance over the longer length, in characters. Two empty texts: 1.
 *
 * @returns [0, 1]; no score when the texts are longer than {@link MOST_EDIT_CELLS}
 */
export function editSimilarity(answer: string, reference: string): Comparison {
  const [found, wanted] = singleUnitTexts(answer, reference);
  if (found === wanted) return 1;
  if (found.length * wanted.length > MOST_EDIT_CELLS) {
    return { unscored: "answer and reference are too long for an edit distance" };
  }
  return 1 - distance(found, wanted) / Math.max(found.length, wanted.length);
}

/** chrF2 of the final answer against the reference answer. */
export const chrFScore: CaseMetric = referenceMetric(
  {
    name: "chrf",
    description:
      "Overlap of the answer's and the reference answer's character 1- to 6-grams, recall weighed twice: kinder to inflected words than BLEU.",
    source: "Popović 2015, as chrF2 of sacreBLEU: averaged precision and recall, effective order, beta 2",
    emptyReference: "A reference without characters: no score. An answer without characters: 0.",
    agreesWith:
      "sacreBLEU's chrF2 by its definition, which states it as 0 to 100; nltk `sentence_chrf` averages the F-measures of the orders, another number",
  },
  chrF,
);

/** Normalised edit similarity of the final answer and the reference answer. */
export const editSimilarityScore: CaseMetric = referenceMetric(
  {
    name: "edit_similarity",
    description:
      "How little must be edited to make the reference answer of the answer: 1 minus the edit distance over the longer text, in characters.",
    source: "Levenshtein 1966, through fastest-levenshtein, on code points after NFC",
    emptyReference:
      "Two empty texts: 1; one of them: 0. Texts whose lengths multiply to over 900 million: no score.",
    agreesWith:
      "autoevals Levenshtein, which counts UTF-16 units and folds nothing; promptfoo `levenshtein` is pass or fail by the distance itself",
  },
  editSimilarity,
);
