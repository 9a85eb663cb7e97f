import { studentTUpperQuantile } from "./student-t.js";
import { requireFinite, requireLevel } from "./validate.js";

export interface MeanInterval {
  /** `null` without data. */
  readonly mean: number | null;
  /** Standard error of the mean; `null` for fewer than two values. */
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Mean with Student's t interval, for independent values.
 *
 * @param values - finite numbers in any order; equal values give the interval [v, v]
 * @param level - confidence in (0, 1)
 * @throws {StatisticsError} on a value that is not finite, or a level outside (0, 1)
 */
export function meanInterval(values: ArrayLike<number>, level = 0.95): MeanInterval {
  requireFinite("values", values);
  requireLevel(level);
  const n = values.length;
  if (n === 0) return { mean: null, se: null, lower: null, upper: null };
  const mean = meanOf(values);
  if (n === 1) return { mean, se: null, lower: null, upper: null };
  const se = Math.sqrt(squaredDeviations(values, mean) / (n - 1) / n);
  const half = studentTUpperQuantile((1 - level) / 2, n - 1) * se;
  return { mean, se, lower: mean - half, upper: mean + half };
}

/** Mean of at least one value, exact when all are equal: it sums distances from the first value. */
export function meanOf(values: ArrayLike<number>): number {
  const origin = values[0]!;
  let sum = 0;
  for (let index = 1; index < values.length; index++) sum += values[index]! - origin;
  return origin + sum / values.length;
}

/** Sum of the squared distances from `mean`. */
export function squaredDeviations(values: ArrayLike<number>, mean: number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    const distance = values[index]! - mean;
    sum += distance * distance;
  }
  return sum;
}
