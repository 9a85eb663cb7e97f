import { logBinomialTerm } from "./gamma.js";
import { StatisticsError } from "./statistics-error.js";
import { requireProbability } from "./validate.js";

/**
 * Regularised incomplete beta function I_x(a, b): P(X <= x) of a Beta(a, b) variable.
 *
 * @param a - positive
 * @param b - positive
 * @param x - in [0, 1]
 * @param y - 1 - x, when the caller knows it better than subtraction would give it
 * @throws {StatisticsError} if a shape is not positive or x lies outside [0, 1]
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): number {
  requireShapes(a, b);
  requireProbability("x", x);
  return Math.exp(logIncompleteBeta(a, b, x, y));
}

function requireShapes(a: number, b: number): void {
  if (!(a > 0 && b > 0 && Number.isFinite(a + b))) {
    throw new StatisticsError(`expected positive beta shapes, found ${a} and ${b}`);
  }
}

/** log of {@link incompleteBeta}, for tails too small for a double; the caller checks the shapes. */
export function logIncompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY;
  if (y <= 0) return 0;
  if (x * (a + b + 2) <= a + 1) return logSmallSide(a, b, x, y);
  return Math.log1p(-Math.exp(logSmallSide(b, a, y, x)));
}

function logSmallSide(a: number, b: number, x: number, y: number): number {
  return logBinomialTerm(a, b, x, y) + Math.log((a * b) / (a + b) / continuedFraction(a, b, x, y));
}

/**
 * Even part of the continued fraction of I_x(a, b) (DLMF 8.17.22) by Lentz's method; quick for x below
 * (a + 1)/(a + b + 2). The difference a·y - b·x keeps its digits when a and b are of different size.
 *
 * @see Didonato and Morris 1992, ACM TOMS 18(3):360
 */
function continuedFraction(a: number, b: number, x: number, y: number): number {
  const away = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  const balance = a * y - b * x + 1;
  let value = away((a / (a + 1)) * balance);
  let c = value;
  let d = 0;
  for (let m = 1; m <= 1_000_000; m++) {
    const odd = a + 2 * m - 1;
    const numerator = ((a + m - 1) / odd) * ((a + b + m - 1) / odd) * m * (b - m) * x * x;
    const denominator = m + (m * (b - m) * x) / odd + ((a + m) / (a + 2 * m + 1)) * (balance + m * (1 + y));
    d = 1 / away(denominator + numerator * d);
    c = away(denominator + numerator / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 4e-16) break;
  }
  return value;
}

/**
 * The x with P(X <= x) = p for a Beta(a, b) variable.
 *
 * @throws {StatisticsError} if a shape is not positive or p lies outside [0, 1]
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireProbability("p", p);
  return logistic(betaQuantileLogit(p, 1 - p, a, b));
}

/** The x with P(X > x) = tail for a Beta(a, b) variable, precise for small tails. */
export function betaUpperQuantile(tail: number, a: number, b: number): number {
  requireProbability("tail", tail);
  return logistic(betaQuantileLogit(1 - tail, tail, a, b));
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/**
 * log(x / (1 - x)) of the beta quantile whose lower and upper tails are given (they sum to 1; the smaller is
 * used). The logit keeps full precision at both ends of the unit interval.
 *
 * In the logit the distribution function is log-concave, so Newton's method on its logarithm converges from
 * any start.
 */
export function betaQuantileLogit(lower: number, upper: number, a: number, b: number): number {
  requireShapes(a, b);
  if (lower > upper) return -betaQuantileLogit(upper, lower, b, a);
  if (lower <= 0) return Number.NEGATIVE_INFINITY;
  const target = Math.log(lower);
  let logit = Math.log(a / b);
  for (let step = 0; step < 200; step++) {
    const x = logistic(logit);
    const y = logistic(-logit);
    const logCdf = logIncompleteBeta(a, b, x, y);
    const logSlope = logBinomialTerm(a, b, x, y) + Math.log((a * b) / (a + b)) - logCdf;
    const move = (target - logCdf) / Math.exp(logSlope);
    logit += move;
    if (Math.abs(move) <= 1e-15 * Math.max(1, Math.abs(logit))) break;
  }
  return logit;
}
