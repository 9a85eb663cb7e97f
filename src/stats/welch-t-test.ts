import type { Alternative } from "./alternative.js";
import { meanInterval } from "./mean-interval.js";
import { type TTest, tTest } from "./paired-t-test.js";
import { studentTUpperQuantile } from "./student-t.js";
import { requireLevel } from "./validate.js";

export interface WelchTTest extends TTest {
  /** Mean of current minus mean of baseline; `null` if either is empty. */
  readonly difference: number | null;
  /** Standard error of the difference; `null` if either sample has fewer than two values. */
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Welch's t test of the difference of two means of independent samples, whose variances may differ, with its
 * interval and Satterthwaite's degrees of freedom.
 *
 * @param baseline - finite numbers
 * @param current - finite numbers; `greater` means that these are larger on average
 * @param options.level - confidence of the two-sided interval, default 0.95
 * @throws {StatisticsError} on a value that is not finite, or a level outside (0, 1)
 * @see Welch 1947, Biometrika 34(1/2):28
 */
export function welchTTest(
  baseline: ArrayLike<number>,
  current: ArrayLike<number>,
  options: { readonly alternative?: Alternative; readonly level?: number } = {},
): WelchTTest {
  const { alternative = "two-sided", level = 0.95 } = options;
  requireLevel(level);
  const a = meanInterval(baseline, level);
  const b = meanInterval(current, level);
  const difference = a.mean === null || b.mean === null ? null : b.mean - a.mean;
  if (difference === null || a.se === null || b.se === null) {
    return { difference, se: null, t: null, df: null, p: null, lower: null, upper: null };
  }
  const se = Math.hypot(a.se, b.se);
  if (se === 0) {
    return {
      difference,
      se,
      lower: difference,
      upper: difference,
      ...tTest(difference, 0, null, alternative),
    };
  }
  const df = 1 / ((a.se / se) ** 4 / (baseline.length - 1) + (b.se / se) ** 4 / (current.length - 1));
  const half = studentTUpperQuantile((1 - level) / 2, df) * se;
  return {
    difference,
    se,
    lower: difference - half,
    upper: difference + half,
    ...tTest(difference, se, df, alternative),
  };
}
