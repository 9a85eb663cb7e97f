import { normalUpperQuantile } from "./normal.js";
import { requireFinite, requireLevel, requireSameLength } from "./validate.js";

export interface RatioInterval {
  /** Total cost over total successes; `null` without success. */
  readonly ratio: number | null;
  /** `null` without success or with fewer than two units. */
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Cost per success as a ratio of totals, with its linearised standard error and a normal interval. The
 * interval may reach below zero; with fewer than 20 successes prefer the bootstrap over cases.
 *
 * @param costs - cost of each independent unit (trial, or cluster of trials), in any currency
 * @param successes - successes of each unit: 0 or 1 for trials, counts for clusters
 * @throws {StatisticsError} if lengths differ, a number is not finite, or the level is outside (0, 1)
 * @see Cochran 1977, Sampling Techniques, chapter 6
 */
export function costPerSuccess(
  costs: ArrayLike<number>,
  successes: ArrayLike<number>,
  level = 0.95,
): RatioInterval {
  requireSameLength("costs", costs, "successes", successes);
  requireFinite("costs", costs);
  requireFinite("successes", successes);
  requireLevel(level);
  const n = costs.length;
  let totalCost = 0;
  let totalSuccess = 0;
  for (let index = 0; index < n; index++) {
    totalCost += costs[index]!;
    totalSuccess += successes[index]!;
  }
  if (totalSuccess === 0) return { ratio: null, se: null, lower: null, upper: null };
  const ratio = totalCost / totalSuccess;
  if (n < 2) return { ratio, se: null, lower: null, upper: null };
  let residuals = 0;
  for (let index = 0; index < n; index++) residuals += (costs[index]! - ratio * successes[index]!) ** 2;
  const se = Math.sqrt((n / (n - 1)) * residuals) / totalSuccess;
  const half = normalUpperQuantile((1 - level) / 2) * se;
  return { ratio, se, lower: ratio - half, upper: ratio + half };
}
