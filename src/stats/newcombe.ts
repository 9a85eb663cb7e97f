import type { Interval } from "./interval.js";
import { type PassCount, rateDifference, requireArms } from "./pass-count.js";
import { requireLevel } from "./validate.js";
import { wilson } from "./wilson.js";

/**
 * Newcombe's hybrid score interval for the difference of two pass rates, current minus baseline, of different
 * cases (his method 10: Wilson limits without continuity correction).
 *
 * @param level - confidence in (0, 1)
 * @returns proportions in [-1, 1]; all `null` when an arm is empty
 * @throws {StatisticsError} if a count or the level is outside its range
 * @see Newcombe 1998, Statistics in Medicine 17(8):873
 */
export function newcombe(baseline: PassCount, current: PassCount, level = 0.95): Interval {
  requireArms(baseline, current);
  requireLevel(level);
  const before = wilson(baseline.successes, baseline.trials, level);
  const after = wilson(current.successes, current.trials, level);
  if (before.estimate === null || after.estimate === null) {
    return { estimate: null, lower: null, upper: null };
  }
  const difference = rateDifference(baseline, current);
  const below = Math.hypot(after.estimate - after.lower!, before.upper! - before.estimate);
  const above = Math.hypot(after.upper! - after.estimate, before.estimate - before.lower!);
  return {
    estimate: difference,
    lower: Math.max(-1, difference - below),
    upper: Math.min(1, difference + above),
  };
}
