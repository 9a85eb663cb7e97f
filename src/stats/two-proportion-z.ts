import { type ChangeAlternative, normalPValue, requireChangeAlternative } from "./change-alternative.js";
import { type PassCount, requireArms, scaledDifference } from "./pass-count.js";

/** A standard normal statistic and its p-value; both `null` when an arm is empty. */
export interface ZTest {
  /** Negative when the current version is worse. */
  readonly z: number | null;
  readonly p: number | null;
}

/**
 * Two-proportion z test with pooled variance, for pass rates of different cases.
 *
 * @param alternative - "worse" gives P(Z <= z), "better" P(Z >= z)
 * @returns z = 0 and p = 1 when every trial of both arms had the same outcome; `null` when an arm is empty
 * @throws {StatisticsError} if a count is outside its range
 */
export function twoProportionZ(
  baseline: PassCount,
  current: PassCount,
  alternative: ChangeAlternative,
): ZTest {
  requireArms(baseline, current);
  requireChangeAlternative(alternative);
  if (baseline.trials === 0 || current.trials === 0) return { z: null, p: null };
  const successes = baseline.successes + current.successes;
  const trials = baseline.trials + current.trials;
  if (successes === 0 || successes === trials) return { z: 0, p: 1 };
  const variance = (baseline.trials / trials) * current.trials * successes * (trials - successes);
  const z = Number(scaledDifference(baseline, current)) / Math.sqrt(variance);
  return { z, p: normalPValue(z, alternative) };
}
