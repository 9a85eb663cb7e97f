import { StatisticsError } from "./statistics-error.js";

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
const ASYMPTOTIC_FROM = 16;

/**
 * Error of Stirling's formula: log Γ(x + 1) - (x + 1/2) log x + x - log(2π)/2, for x > 0.
 * Keeping it apart lets binomial terms of large counts cancel before rounding does.
 *
 * @see Loader 2000, Fast and Accurate Computation of Binomial Probabilities
 */
function stirlingError(x: number): number {
  let shifted = 0;
  let at = x;
  for (; at < ASYMPTOTIC_FROM; at++) shifted += (at + 0.5) * Math.log1p(1 / at) - 1;
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square *
            (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360 - square / 156))))));
  return shifted + series;
}

/**
 * Natural logarithm of the gamma function.
 *
 * @param x - a positive number
 * @throws {StatisticsError} if x is not positive and finite
 */
export function logGamma(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) {
    throw new StatisticsError(`expected a positive number for log gamma, found ${x}`);
  }
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI + stirlingError(x);
}

/**
 * x log(x/m) + m - x without cancellation when x is near m.
 *
 * @see Loader 2000, the function bd0
 */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= ratio * ratio;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * log of Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)) · x^a · y^b for positive real a and b and y = 1 - x: the binomial
 * probability of a successes and b failures, continued to real counts.
 */
export function logBinomialTerm(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  return (
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    deviance(a, n * x) -
    deviance(b, n * y) -
    HALF_LOG_2PI -
    0.5 * (Math.log(a) + Math.log(b / n))
  );
}

/** log of x^a · e^(-x) / Γ(a + 1) for positive a and x: the Poisson probability of a events, continued to real a. */
export function logPoissonTerm(a: number, x: number): number {
  return -stirlingError(a) - deviance(a, x) - HALF_LOG_2PI - 0.5 * Math.log(a);
}
