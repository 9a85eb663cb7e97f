import type { Interval } from "./interval.js";
import { normalUpperQuantile } from "./normal.js";
import { type PassCount, requireArms } from "./pass-count.js";
import { ratioLimits } from "./ratio-limits.js";
import { requireLevel } from "./validate.js";

/**
 * Score interval for the ratio of two pass rates of different cases, current over baseline, without a correction of the
 * variance.
 *
 * @param level - confidence in (0, 1)
 * @returns ratios of at least 0; all `null` when an arm is empty or no case of the baseline passed; `upper` `null` when
 *   nothing bounds it
 * @throws {StatisticsError} if a count or the level is outside its range
 * @see Koopman 1984, Biometrics 40(2):513
 */
export function rateRatio(baseline: PassCount, current: PassCount, level = 0.95): Interval {
  requireArms(baseline, current);
  requireLevel(level);
  if (baseline.successes === 0 || current.trials === 0) return { estimate: null, lower: null, upper: null };
  const z = normalUpperQuantile((1 - level) / 2);
  const estimate = (current.successes * baseline.trials) / (current.trials * baseline.successes);
  return ratioLimits(estimate, z, (ratio) => rateRatioScore(baseline, current, ratio));
}

/**
 * Score statistic for H0: current rate = ratio x baseline rate; standard normal under H0, positive above it.
 *
 * @param baseline - at least one trial
 * @param current - at least one trial
 * @param ratio - positive
 */
export function rateRatioScore(baseline: PassCount, current: PassCount, ratio: number): number {
  const [n0, n1] = [baseline.trials, current.trials];
  const [x0, x1] = [baseline.successes, current.successes];
  const distance = x1 / n1 - (ratio * x0) / n0;
  if (distance === 0) return 0;
  const half = (n0 + x1 + ratio * (n1 + x0)) / 2;
  const successes = x0 + x1;
  const rate = successes / (half + Math.sqrt(Math.max(0, half * half - (n0 + n1) * ratio * successes)));
  const scaled = Math.min(1, ratio * rate);
  return (
    distance / Math.sqrt((scaled * (1 - scaled)) / n1 + (ratio * ratio * rate * Math.max(0, 1 - rate)) / n0)
  );
}
