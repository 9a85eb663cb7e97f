import { StatisticsError } from "./statistics-error.js";
import { requireFinite } from "./validate.js";

export interface CusumOptions {
  /** The mean in control. */
  readonly target: number;
  /** Allowance, in the data's unit, at least 0: half the shift that should be found. */
  readonly allowance: number;
  /** Decision limit, in the data's unit, at least 0. */
  readonly limit: number;
}

export interface Cusum {
  /** Cumulated excess over target + allowance, after each value. */
  readonly upper: readonly number[];
  /** Cumulated shortfall under target - allowance, after each value. */
  readonly lower: readonly number[];
  /** 0-based index of the first value at which either sum is above the limit (strictly); `null` if none. */
  readonly firstSignal: number | null;
}

/**
 * Two-sided cumulative sum chart for a small lasting shift of a mean.
 *
 * @throws {StatisticsError} if a value is not finite, or the allowance or limit negative
 * @see Page 1954, Biometrika 41(1/2):100
 */
export function cusum(values: readonly number[], options: CusumOptions): Cusum {
  const { target, allowance, limit } = options;
  requireFinite("values", values);
  requireFinite("target", [target]);
  for (const [name, value] of Object.entries({ allowance, limit })) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected ${name} to be at least 0, found ${value}`);
    }
  }
  let above = 0;
  let below = 0;
  const upper = values.map((value) => {
    above = Math.max(0, above + (value - target) - allowance);
    return above;
  });
  const lower = values.map((value) => {
    below = Math.max(0, below + (target - value) - allowance);
    return below;
  });
  const first = upper.findIndex((sum, index) => sum > limit || (lower[index] ?? 0) > limit);
  return { upper, lower, firstSignal: first === -1 ? null : first };
}
