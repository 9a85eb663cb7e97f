import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireFinite, requireSameLength } from "./validate.js";

export interface SklearnNdcgOptions {
  /** Ranks that count; `null`: all. */
  readonly k?: number | null;
  /** Break ties by position (later first) instead of averaging over their orders. */
  readonly ignoreTies?: boolean;
}

/**
 * nDCG as scikit-learn's `ndcg_score` gives it for one query: linear gain, tied scores averaged, normalised
 * over the given items only.
 *
 * @param relevance - true grades, not negative
 * @param scores - predicted scores, in the same order
 * @returns in [0, 1]; 0 when no item is relevant; `null` without items
 * @throws {StatisticsError} on lengths that differ, numbers that are not finite, negative grades, or k below 1
 * @see McSherry and Najork 2008, Computing Information Retrieval Performance Measures Efficiently
 */
export function sklearnNdcg(
  relevance: readonly number[],
  scores: readonly number[],
  options: SklearnNdcgOptions = {},
): number | null {
  const k = options.k ?? null;
  requireSameLength("relevance", relevance, "scores", scores);
  requireFinite("relevance", relevance);
  requireFinite("scores", scores);
  if (relevance.some((grade) => grade < 0)) throw new StatisticsError("expected grades of at least 0");
  if (k !== null) requireCount("k", k, 1);
  if (relevance.length === 0) return null;
  const discounts = relevance.map((_, index) => (k === null || index < k ? 1 / Math.log2(index + 2) : 0));
  const ideal = gainInOrder(
    [...relevance].sort((a, b) => b - a),
    discounts,
  );
  if (ideal === 0) return 0;
  const order = scores.map((_, index) => index).sort((a, b) => scores[b]! - scores[a]! || b - a);
  const grades = order.map((index) => relevance[index]!);
  const gain = options.ignoreTies
    ? gainInOrder(grades, discounts)
    : gainOverTies(
        grades,
        order.map((index) => scores[index]!),
        discounts,
      );
  return gain / ideal;
}

function gainInOrder(grades: readonly number[], discounts: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + grade * discounts[index]!, 0);
}

/** Each group of equal scores spreads its mean grade over the ranks it occupies. */
function gainOverTies(
  grades: readonly number[],
  sortedScores: readonly number[],
  discounts: readonly number[],
) {
  let gain = 0;
  for (let start = 0; start < grades.length; ) {
    let end = start;
    let grade = 0;
    let discount = 0;
    for (; end < grades.length && sortedScores[end] === sortedScores[start]; end++) {
      grade += grades[end]!;
      discount += discounts[end]!;
    }
    gain += (grade / (end - start)) * discount;
    start = end;
  }
  return gain;
}
