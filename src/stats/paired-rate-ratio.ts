import type { Interval } from "./interval.js";
import { normalUpperQuantile } from "./normal.js";
import { countPairs, type PairedCounts } from "./paired-counts.js";
import { ratioLimits } from "./ratio-limits.js";
import { requireLevel } from "./validate.js";

/**
 * Score interval for the ratio of two pass rates of the same cases, current over baseline. As Tango's interval of the
 * difference it holds its level with few discordant pairs, and with none.
 *
 * @param level - confidence in (0, 1)
 * @returns ratios of at least 0; all `null` when no case of the baseline passed; `upper` `null` when nothing bounds it
 * @throws {StatisticsError} if a cell is no count or the level is outside its range
 * @see Tang, Tang and Chan 2003, Statistics in Medicine 22(7):1217
 */
export function pairedRateRatio(pairs: PairedCounts, level = 0.95): Interval {
  countPairs(pairs);
  requireLevel(level);
  const { bothPass, baselineOnly, currentOnly } = pairs;
  const [before, after] = [bothPass + baselineOnly, bothPass + currentOnly];
  if (before === 0) return { estimate: null, lower: null, upper: null };
  const z = normalUpperQuantile((1 - level) / 2);
  return ratioLimits(after / before, z, (ratio) => pairedRateRatioScore(pairs, ratio));
}

/**
 * Score statistic for H0: current rate = ratio x baseline rate; standard normal under H0, positive above it.
 *
 * @param ratio - positive
 */
export function pairedRateRatioScore(pairs: PairedCounts, ratio: number): number {
  const { bothPass, baselineOnly, currentOnly, bothFail } = pairs;
  if (ratio > 1) {
    const swapped = { bothPass, baselineOnly: currentOnly, currentOnly: baselineOnly, bothFail };
    return -pairedRateRatioScore(swapped, 1 / ratio);
  }
  const distance = bothPass + currentOnly - ratio * (bothPass + baselineOnly);
  if (distance === 0) return 0;
  const n = bothPass + baselineOnly + currentOnly + bothFail;
  return distance / Math.sqrt(n * ratio * discordantRate(bothPass, baselineOnly, currentOnly, n, ratio));
}

/**
 * Share of discordant pairs of greatest likelihood when the current rate is `ratio` times that of the baseline: each cell
 * is its count over n plus a multiple of one multiplier, found by bisection; a cell without a count takes the slack.
 */
function discordantRate(both: number, lost: number, won: number, n: number, ratio: number): number {
  const rest = 1 - ratio;
  const slope = (m: number) =>
    part(rest * both, n + m * rest) - part(ratio * lost, n - m * ratio) + part(won, n + m);
  let low = -n;
  let high = n / ratio;
  if (lost === 0 && slope(high) >= 0) {
    const wonRate = won / (n + high);
    return wonRate + ((rest * both) / (n + high * rest) + wonRate) / ratio;
  }
  if (won === 0 && slope(low) <= 0) {
    const lostRate = lost / (n - low * ratio);
    return lostRate + Math.max(0, ratio * lostRate - (rest * both) / (n + low * rest));
  }
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return part(lost, n - low * ratio) + part(won, n + low);
}

/** count / by, where a count of 0 has no part even by 0. */
function part(count: number, by: number): number {
  return count === 0 ? 0 : count / by;
}
