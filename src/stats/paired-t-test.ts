import { type Alternative, tailOf } from "./alternative.js";
import { type MeanInterval, meanInterval } from "./mean-interval.js";
import { studentTCdf } from "./student-t.js";

export interface TTest {
  /** `null` when it does not exist: too little data, or no variance around a difference that is not zero. */
  readonly t: number | null;
  /** Degrees of freedom; `null` with too little data. */
  readonly df: number | null;
  /** `null` with too little data; without variance 1 at no difference, else the limit 0 or 1. */
  readonly p: number | null;
}

export interface PairedTTest extends MeanInterval, TTest {}

/**
 * Student's t test that the mean of paired differences is zero, with its interval.
 *
 * @param differences - current minus baseline, one for each independent pair (reduce trials to a mean a case first)
 * @param options.level - confidence of the two-sided interval, default 0.95
 * @throws {StatisticsError} on a difference that is not finite, or a level outside (0, 1)
 * @see Student 1908, Biometrika 6(1):1
 */
export function pairedTTest(
  differences: ArrayLike<number>,
  options: { readonly alternative?: Alternative; readonly level?: number } = {},
): PairedTTest {
  const interval = meanInterval(differences, options.level);
  const { mean, se } = interval;
  return { ...interval, ...tTest(mean, se, differences.length - 1, options.alternative) };
}

/** Test that a mean with a standard error and degrees of freedom is zero. */
export function tTest(
  mean: number | null,
  se: number | null,
  df: number | null,
  alternative: Alternative = "two-sided",
): TTest {
  if (mean === null || se === null) return { t: null, df: null, p: null };
  if (se === 0 || df === null) {
    const p = tailOf(alternative, mean >= 0 ? 1 : 0, mean <= 0 ? 1 : 0);
    return { t: mean === 0 ? 0 : null, df, p };
  }
  const t = mean / se;
  if (!Number.isFinite(t)) return tTest(mean, 0, df, alternative);
  return { t, df, p: tailOf(alternative, studentTCdf(t, df), studentTCdf(-t, df)) };
}
