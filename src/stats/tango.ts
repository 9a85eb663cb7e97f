import type { Interval } from "./interval.js";
import { normalUpperQuantile } from "./normal.js";
import { countPairs, type PairedCounts } from "./paired-counts.js";
import { scoreLimit } from "./score-limit.js";
import { requireLevel } from "./validate.js";

/**
 * Tango's score interval for the difference of two pass rates of the same cases: (won - lost) / pairs. It holds
 * its level with few discordant pairs, and with none: then it is ±z²/(n + z²).
 *
 * @param level - confidence in (0, 1)
 * @returns proportions in [-1, 1]; all `null` without pairs
 * @throws {StatisticsError} if a cell is no count or the level is outside its range
 * @see Tango 1998, Statistics in Medicine 17(8):891
 */
export function tango(pairs: PairedCounts, level = 0.95): Interval {
  const n = countPairs(pairs);
  requireLevel(level);
  if (n === 0) return { estimate: null, lower: null, upper: null };
  const z = normalUpperQuantile((1 - level) / 2);
  const { baselineOnly: lost, currentOnly: won } = pairs;
  const estimate = (won - lost) / n;
  return {
    estimate,
    lower: -scoreLimit(-estimate, z, (delta) => tangoVariance(won, lost, n, delta)),
    upper: scoreLimit(estimate, z, (delta) => tangoVariance(lost, won, n, delta)),
  };
}

/**
 * Tango's score statistic for H0: difference = delta; standard normal under H0, positive above it.
 *
 * @param pairs - at least one pair
 * @param delta - in (-1, 1)
 */
export function tangoScore(pairs: PairedCounts, delta: number): number {
  const n = countPairs(pairs);
  const { baselineOnly: lost, currentOnly: won } = pairs;
  const distance = (won - lost) / n - delta;
  return distance === 0 ? 0 : distance / Math.sqrt(tangoVariance(lost, won, n, delta));
}

/** Variance of the estimated difference when the true one is delta, by the maximum-likelihood cell rates. */
function tangoVariance(lost: number, won: number, n: number, delta: number): number {
  if (delta < 0) return tangoVariance(won, lost, n, -delta);
  const linear = (2 * n - won + lost) * delta - lost - won;
  const product = lost * delta * (1 - delta);
  const root = Math.sqrt(linear * linear + 8 * n * product);
  // Both are the lost-only rate; each cancels where the other does not.
  const lostRate = linear > 0 ? (2 * product) / (root + linear) : (root - linear) / (4 * n);
  return (2 * lostRate + delta * (1 - delta)) / n;
}
