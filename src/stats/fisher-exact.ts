import { type Alternative, tailOf } from "./alternative.js";
import { Hypergeometric } from "./hypergeometric.js";
import { requireTwoByTwo, type TwoByTwo } from "./two-by-two.js";

export interface FisherTest {
  /** `null` when a row is empty. */
  readonly p: number | null;
  /** Sample odds ratio ad/bc; `null` when bc = 0. */
  readonly oddsRatio: number | null;
}

/** Tables whose probability exceeds the observed one by less than this count as equally likely (as in R). */
const TIE = 1e-7;

/**
 * Fisher's exact test of a 2×2 table, rows the groups, columns the outcomes.
 *
 * @param alternative - "less" looks for a smaller first cell than chance gives, "greater" for a larger one;
 *   "two-sided" sums all tables that are at most as likely as the observed one
 * @returns p = 1 when all outcomes are equal
 * @throws {StatisticsError} if the table is not two rows of two counts
 * @see Fisher 1935, The logic of inductive inference
 */
export function fisherExact(table: TwoByTwo, alternative: Alternative): FisherTest {
  requireTwoByTwo(table);
  const [[a, b], [c, d]] = table;
  const oddsRatio = b * c === 0 ? null : (a / b) * (d / c);
  if (a + b === 0 || c + d === 0) return { p: null, oddsRatio };
  const distribution = new Hypergeometric(a + b, c + d, a + c);
  if (alternative === "two-sided") return { p: atMostAsLikely(distribution, a), oddsRatio };
  return { p: tailOf(alternative, distribution.between(0, a), distribution.between(a, a + c)), oddsRatio };
}

/** Probabilities rise up to the mode and fall after it, so the unlikely counts form two tails. */
function atMostAsLikely(distribution: Hypergeometric, observed: number): number {
  const { lowest, highest, mode } = distribution;
  const threshold = distribution.logProbability(observed) + Math.log1p(TIE);
  const isUnlikely = (count: number) => distribution.logProbability(count) <= threshold;
  if (isUnlikely(mode)) return 1;
  const lowerTail = firstCount(lowest, mode, (count) => !isUnlikely(count)) - 1;
  const upperTail = firstCount(mode, highest + 1, isUnlikely);
  return Math.min(1, distribution.between(lowest, lowerTail) + distribution.between(upperTail, highest));
}

/** The first count in [low, high) that holds, when all after it hold too; `high` if none does. */
function firstCount(low: number, high: number, holds: (count: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
