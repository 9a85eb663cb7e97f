import { betaQuantile, betaUpperQuantile } from "./beta.js";
import type { Interval } from "./interval.js";
import { requireLevel, requireSuccesses } from "./validate.js";

/**
 * Clopper–Pearson ("exact") interval for a pass rate: its coverage is never below `level`.
 *
 * @param successes - trials that passed, 0 to `trials`
 * @param trials - trials scored; 0 gives estimate `null` and limits [0, 1]
 * @param level - confidence in (0, 1)
 * @throws {StatisticsError} if a count or the level is outside its range
 * @see Clopper and Pearson 1934, Biometrika 26(4):404
 */
export function clopperPearson(successes: number, trials: number, level = 0.95): Interval {
  requireSuccesses(successes, trials);
  requireLevel(level);
  if (trials === 0) return { estimate: null, lower: 0, upper: 1 };
  const tail = (1 - level) / 2;
  const failures = trials - successes;
  return {
    estimate: successes / trials,
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    upper: failures === 0 ? 1 : betaUpperQuantile(tail, successes + 1, failures),
  };
}
