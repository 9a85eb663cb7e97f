import { tango } from "../stats/tango.js";
import type { Difference } from "./comparison.js";

export const TANGO_CLUSTERS = "tango-clusters";

/**
 * Limits that a difference of rates can have. A t interval knows nothing of the bounds −1 and 1, and has no width
 * when every case differs alike: then Tango's interval says what so few clusters can tell, one pair a cluster.
 *
 * @param difference - by a t interval; one without limits is returned as it is
 * @param differences - candidate minus baseline of each case, in [-1, 1]
 */
export function withinRates(
  difference: Difference,
  differences: readonly number[],
  level: number,
): Difference {
  const { lower, upper, clusters } = difference;
  if (lower === null || upper === null) return difference;
  const [first] = differences;
  const isAlike = differences.every((value) => value === first);
  if (isAlike && (first === 0 || first === 1 || first === -1)) {
    const pairs = {
      bothPass: first === 0 ? clusters : 0,
      baselineOnly: first === -1 ? clusters : 0,
      currentOnly: first === 1 ? clusters : 0,
      bothFail: 0,
    };
    const limits = tango(pairs, level);
    return { ...difference, lower: limits.lower, upper: limits.upper, method: TANGO_CLUSTERS };
  }
  return { ...difference, ...cutToRates(lower, upper) };
}

/** Rates cannot differ by more than 1. */
export function cutToRates(lower: number, upper: number): { readonly lower: number; readonly upper: number } {
  return { lower: Math.max(-1, lower), upper: Math.min(1, upper) };
}
