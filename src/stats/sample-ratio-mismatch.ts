import { chiSquareUpperTail } from "./chi-square.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireLevel, requireSameLength } from "./validate.js";

export interface SampleRatioMismatch {
  /** Pearson's chi-square of the counts against the declared shares. */
  readonly chiSquare: number;
  /** Probability of a split at least this uneven, in [0, 1]; 1 without requests. */
  readonly p: number;
  /** p < alpha (strictly): the split is broken, so no verdict on the arms can be trusted. */
  readonly mismatch: boolean;
}

/**
 * Sample ratio mismatch: whether requests were split over the arms as configured.
 *
 * @param observed - requests per arm, at least two arms
 * @param shares - the configured split, positive, in any unit ([1, 1] or [0.01, 0.99])
 * @param alpha - in (0, 1); default 0.001, since this is looked at often and a true mismatch is glaring
 * @throws {StatisticsError} if a count, a share, alpha or the number of arms is out of range
 * @see Fabijan et al. 2019, Diagnosing Sample Ratio Mismatch in Online Controlled Experiments (KDD)
 */
export function sampleRatioMismatch(
  observed: readonly number[],
  shares: readonly number[],
  alpha = 0.001,
): SampleRatioMismatch {
  requireSameLength("observed", observed, "shares", shares);
  requireLevel(alpha);
  if (observed.length < 2) throw new StatisticsError(`expected at least 2 arms, found ${observed.length}`);
  for (const [arm, count] of observed.entries()) {
    requireCount(`observed[${arm}]`, count);
    const share = shares[arm] ?? 0;
    if (!(share > 0 && share < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected shares[${arm}] to be positive, found ${share}`);
    }
  }
  const total = observed.reduce((sum, count) => sum + count, 0);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const chiSquare = observed.reduce((sum, count, arm) => {
    const expected = total * ((shares[arm] ?? 0) / whole);
    return expected === 0 ? sum : sum + ((count - expected) / expected) * (count - expected);
  }, 0);
  const p = chiSquareUpperTail(chiSquare, observed.length - 1);
  return { chiSquare, p, mismatch: p < alpha };
}
