import type { Interval } from "./interval.js";

/** Limits of ratios are sought up to this factor away from 1. */
const FARTHEST = 1e9;

/**
 * Interval that inverts a score test of a ratio: the ratios at which the score is z and -z.
 *
 * @param estimate - at least 0
 * @param z - positive
 * @param scoreAt - falls as the ratio grows; for ratios above 0
 */
export function ratioLimits(estimate: number, z: number, scoreAt: (ratio: number) => number): Interval {
  const [least, most] = [1 / FARTHEST, FARTHEST];
  return {
    estimate,
    lower:
      estimate === 0 || scoreAt(least) <= z ? 0 : crossing(least, estimate, (ratio) => scoreAt(ratio) > z),
    upper:
      scoreAt(most) >= -z ? null : crossing(Math.max(estimate, least), most, (ratio) => scoreAt(ratio) > -z),
  };
}

/** Where `isBelow` turns false between two ratios, by bisection of logarithms and then of ratios. */
function crossing(from: number, to: number, isBelow: (ratio: number) => boolean): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 200; step++) {
    const middle = high > 2 * low ? Math.sqrt(low) * Math.sqrt(high) : (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return high;
}
