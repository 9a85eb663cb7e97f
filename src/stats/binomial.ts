import { incompleteBeta } from "./beta.js";
import { logBinomialTerm } from "./gamma.js";
import { requireCount, requireProbability } from "./validate.js";

/** Relative slack, so that a distribution function that equals the level up to rounding counts as reaching it. */
const ROUNDING = 64 * Number.EPSILON;

/**
 * P(X = k) for X ~ Binomial(n, p).
 *
 * @throws {StatisticsError} if n is no count or p lies outside [0, 1]
 */
export function binomialProbability(k: number, n: number, p: number): number {
  requireCount("n", n);
  requireProbability("p", p);
  if (!Number.isInteger(k) || k < 0 || k > n) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (p === 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  return Math.exp(logBinomialTerm(k, n - k, p, 1 - p));
}

/** P(X <= k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  requireCount("n", n);
  requireProbability("p", p);
  if (k < 0) return 0;
  if (k >= n) return 1;
  const whole = Math.floor(k);
  return incompleteBeta(n - whole, whole + 1, 1 - p, p);
}

/** P(X >= k) for X ~ Binomial(n, p), computed as a tail. */
export function binomialUpperTail(k: number, n: number, p: number): number {
  requireCount("n", n);
  requireProbability("p", p);
  if (k <= 0) return 1;
  if (k > n) return 0;
  const whole = Math.ceil(k);
  return incompleteBeta(whole, n - whole + 1, p);
}

/**
 * The smallest k with P(X <= k) >= level for X ~ Binomial(n, p).
 *
 * @throws {StatisticsError} if n is no count, or level or p lie outside [0, 1]
 */
export function binomialQuantile(level: number, n: number, p: number): number {
  requireProbability("level", level);
  requireCount("n", n);
  requireProbability("p", p);
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, n, p) >= level * (1 - ROUNDING)) high = middle;
    else low = middle + 1;
  }
  return low;
}
