import {
  NO_DATA,
  type NonInferiority,
  type NonInferiorityOptions,
  nonInferiorityP,
  nonInferiorityVerdict,
  requireNonInferiorityOptions,
} from "./non-inferiority.js";
import { countPairs, type PairedCounts } from "./paired-counts.js";
import { tango, tangoScore } from "./tango.js";

/**
 * Is the current version at most `margin` worse on the same cases? Tango's score test of H0: difference = -margin
 * and the interval that inverts it.
 *
 * Perfect agreement passes only above z²(1 - margin)/margin pairs: 133 for 2 % and 52 for 5 % at alpha 0.05.
 *
 * @throws {StatisticsError} if a cell is no count or an option is outside its range
 * @see Tango 1998, Statistics in Medicine 17(8):891
 */
export function nonInferiorityPaired(pairs: PairedCounts, options: NonInferiorityOptions): NonInferiority {
  const n = countPairs(pairs);
  requireNonInferiorityOptions(options);
  if (n === 0) return NO_DATA;
  const { margin, alpha } = options;
  const interval = tango(pairs, 1 - 2 * alpha);
  const z = tangoScore(pairs, -margin);
  const varies = margin > 0 || pairs.baselineOnly + pairs.currentOnly > 0;
  return {
    ...interval,
    z,
    p: nonInferiorityP(z, varies),
    verdict: nonInferiorityVerdict(interval.lower!, interval.upper!, margin),
  };
}
