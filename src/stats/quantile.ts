import { ascending } from "./ascending.js";
import { binomialCdf, binomialQuantile } from "./binomial.js";
import type { Interval } from "./interval.js";
import { requireFinite, requireLevel, requireProbability } from "./validate.js";

/**
 * Sample quantile by linear interpolation (type 7: position (n - 1)q), as R, numpy and spreadsheets give it.
 *
 * @param values - finite numbers in any order
 * @param q - in [0, 1]
 * @returns `null` without data
 * @throws {StatisticsError} on a value that is not finite, or q outside [0, 1]
 * @see Hyndman and Fan 1996, The American Statistician 50(4):361
 */
export function quantile(values: ArrayLike<number>, q: number): number | null {
  requireFinite("values", values);
  requireProbability("q", q);
  return values.length === 0 ? null : quantileOfSorted(Float64Array.from(values).sort(), q);
}

/** Type-7 quantile of at least one ascending value; may hold infinities, so it never subtracts equals. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  const share = position - below;
  return share === 0 || low === high ? low : low + (high - low) * share;
}

export interface QuantileInterval extends Interval {
  /** 1-based rank of the lower limit among the sorted values; 0: below all of them. */
  readonly lowerRank: number;
  /** 1-based rank of the upper limit; n + 1: above all of them. */
  readonly upperRank: number;
  /** Probability that the interval covers the quantile, at least `level`. */
  readonly coverage: number | null;
}

/**
 * Quantile with a distribution-free interval between two order statistics. For the 95th percentile at level
 * 0.95 an upper limit needs 72 values, for the 99th 368; below that it is `null`.
 *
 * @param values - finite numbers in any order, independent of each other
 * @throws {StatisticsError} on a value that is not finite, q outside [0, 1] or a level outside (0, 1)
 */
export function quantileInterval(values: ArrayLike<number>, q: number, level = 0.95): QuantileInterval {
  requireFinite("values", values);
  requireProbability("q", q);
  requireLevel(level);
  const n = values.length;
  if (n === 0) {
    return { estimate: null, lower: null, upper: null, lowerRank: 0, upperRank: 1, coverage: null };
  }
  const sorted = ascending(values);
  const tail = (1 - level) / 2;
  const lowerRank = binomialQuantile(tail, n, q);
  const upperRank = binomialQuantile(1 - tail, n, q) + 1;
  return {
    estimate: quantileOfSorted(sorted, q),
    lower: lowerRank >= 1 ? sorted[lowerRank - 1]! : null,
    upper: upperRank <= n ? sorted[upperRank - 1]! : null,
    lowerRank,
    upperRank,
    coverage: binomialCdf(upperRank - 1, n, q) - binomialCdf(lowerRank - 1, n, q),
  };
}
