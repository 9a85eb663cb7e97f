import { logPoissonTerm } from "./gamma.js";
import { StatisticsError } from "./statistics-error.js";

/**
 * P(X > x) of a chi-square variable, computed as a tail: full relative precision down to the smallest doubles.
 *
 * @param x - statistic, at least 0; Infinity gives 0
 * @param degrees - degrees of freedom, positive
 * @throws {StatisticsError} if x is negative or NaN, or the degrees are not positive and finite
 */
export function chiSquareUpperTail(x: number, degrees: number): number {
  if (!(x >= 0)) throw new StatisticsError(`expected a chi-square of at least 0, found ${x}`);
  if (!(degrees > 0 && degrees < Number.POSITIVE_INFINITY)) {
    throw new StatisticsError(`expected positive degrees of freedom, found ${degrees}`);
  }
  return upperIncompleteGamma(degrees / 2, x / 2);
}

/** Regularised upper incomplete gamma function Q(a, x). */
function upperIncompleteGamma(a: number, x: number): number {
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const term = Math.exp(logPoissonTerm(a, x));
  return x < Math.max(1, a) ? 1 - term * series(a, x) : term * a * continuedFraction(a, x);
}

/** 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + … (DLMF 8.7.1). */
function series(a: number, x: number): number {
  let addend = 1;
  let sum = 1;
  for (let k = 1; addend > sum * 1e-17; k++) {
    addend *= x / (a + k);
    sum += addend;
  }
  return sum;
}

/** Even part of the continued fraction of Γ(a, x) e^x x^(-a) (DLMF 8.9.2), by Lentz's method. */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k <= 1_000_000; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 4e-16) break;
  }
  return value;
}
