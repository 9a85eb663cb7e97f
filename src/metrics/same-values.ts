import { wilson } from "../stats/wilson.js";
import type { Limits } from "./sample.js";

/** Lowest and highest value that a metric can have. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Spread below this is rounding of a sum. */
const ROUNDING = 1e-12;

/** Whether limits have no width, as those of Student's t have where all clusters are alike. */
export function showsNoVariance({ lower, upper }: Pick<Limits, "lower" | "upper">): boolean {
  return lower !== null && upper !== null && upper - lower <= ROUNDING * Math.max(1, Math.abs(upper));
}

/**
 * Limits where all clusters are alike: no variance shows, and an interval of width 0 would claim certainty. The share of
 * clusters that may be otherwise is bounded by the Wilson interval of as many trials as there are clusters, and those may
 * lie at either end of the range. Of outcomes that are all 0 or all 1 this is the Wilson interval.
 */
export function sameValueLimits(
  limits: Limits,
  value: number,
  { min, max }: ValueRange,
  level: number,
): Limits {
  const { lower: least } = wilson(limits.clusters, limits.clusters, level);
  const others = 1 - (least ?? 0);
  return {
    ...limits,
    value,
    lower: value - others * Math.max(0, value - min),
    upper: value + others * Math.max(0, max - value),
    method: "wilson-clusters",
  };
}
