import { ascending } from "./ascending.js";
import { requireFinite, requireProbability } from "./validate.js";

/** So that 0.07 of 100 values are 7, although the product of the doubles is a little more. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * Nearest-rank quantile: the smallest value with at least q·n values at or below it (type 1, numpy's
 * `inverted_cdf`). Always a value that was seen; q = 0 gives the smallest.
 *
 * @param values - finite numbers in any order
 * @param q - in [0, 1]
 * @returns `null` without data
 * @throws {StatisticsError} on a value that is not finite, or q outside [0, 1]
 * @see Hyndman and Fan 1996, The American Statistician 50(4):361
 */
export function nearestRank(values: ArrayLike<number>, q: number): number | null {
  requireFinite("values", values);
  requireProbability("q", q);
  const n = values.length;
  if (n === 0) return null;
  const rank = Math.max(1, Math.ceil(q * n * (1 - ROUNDING)));
  return ascending(values)[rank - 1]!;
}
