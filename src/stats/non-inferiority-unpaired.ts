import { farringtonManningVariance } from "./farrington-manning.js";
import {
  NO_DATA,
  type NonInferiority,
  type NonInferiorityOptions,
  nonInferiorityP,
  nonInferiorityVerdict,
  requireNonInferiorityOptions,
} from "./non-inferiority.js";
import { normalUpperQuantile } from "./normal.js";
import { type PassCount, rateDifference, requireArms } from "./pass-count.js";
import { scoreLimit } from "./score-limit.js";

/**
 * Is the current version at most `margin` worse, on different cases? Farrington and Manning's score test of
 * H0: difference = -margin and the interval that inverts it, without the factor n/(n - 1).
 *
 * @throws {StatisticsError} if a count or an option is outside its range
 * @see Farrington and Manning 1990, Statistics in Medicine 9(12):1447
 */
export function nonInferiorityUnpaired(
  baseline: PassCount,
  current: PassCount,
  options: NonInferiorityOptions,
): NonInferiority {
  requireArms(baseline, current);
  requireNonInferiorityOptions(options);
  if (baseline.trials === 0 || current.trials === 0) return NO_DATA;
  const { margin, alpha } = options;
  const critical = normalUpperQuantile(alpha);
  const estimate = rateDifference(baseline, current);
  const lower = -scoreLimit(-estimate, critical, (delta) =>
    farringtonManningVariance(current, baseline, delta),
  );
  const upper = scoreLimit(estimate, critical, (delta) =>
    farringtonManningVariance(baseline, current, delta),
  );
  const variance = farringtonManningVariance(baseline, current, -margin);
  const z = variance === 0 ? 0 : (estimate + margin) / Math.sqrt(variance);
  return {
    estimate,
    z,
    p: nonInferiorityP(z, variance > 0),
    lower,
    upper,
    verdict: nonInferiorityVerdict(lower, upper, margin),
  };
}
