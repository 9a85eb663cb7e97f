import type { Interval } from "./interval.js";
import { normalUpperQuantile } from "./normal.js";
import { requireLevel, requireSuccesses } from "./validate.js";

/**
 * Wilson score interval for a pass rate.
 *
 * @param successes - trials that passed, 0 to `trials`
 * @param trials - trials scored; 0 gives estimate `null` and limits [0, 1]
 * @param level - confidence in (0, 1)
 * @returns proportions in [0, 1]; the lower limit is exactly 0 without success, the upper exactly 1 without failure
 * @throws {StatisticsError} if a count or the level is outside its range
 * @see Wilson 1927, JASA 22(158):209
 */
export function wilson(successes: number, trials: number, level = 0.95): Interval {
  requireSuccesses(successes, trials);
  requireLevel(level);
  if (trials === 0) return { estimate: null, lower: 0, upper: 1 };
  const z = normalUpperQuantile((1 - level) / 2);
  const rate = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (rate + (z * z) / (2 * trials)) / shrink;
  const half = (z * Math.sqrt((rate * (1 - rate)) / trials + ((z / trials) * z) / (4 * trials))) / shrink;
  return {
    estimate: rate,
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
