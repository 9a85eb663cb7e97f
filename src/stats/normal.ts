import { requireProbability } from "./validate.js";

const SQRT_2PI = Math.sqrt(2 * Math.PI);
/** Where the series for the centre hands over to the continued fraction for the tail. */
const TAIL_STARTS_AT = 2.5;

/** Density of the standard normal distribution. */
function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / SQRT_2PI;
}

/**
 * P(Z <= z) of the standard normal distribution, with full relative precision in the left tail
 * (11 digits and more at z = -37).
 *
 * @param z - any number, infinities included
 * @returns probability in [0, 1]
 */
export function normalCdf(z: number): number {
  return z < 0 ? upperTail(-z) : 1 - upperTail(z);
}

/** P(Z > z), computed as a tail: never as 1 - cdf. */
export function normalUpperTail(z: number): number {
  return z > 0 ? upperTail(z) : 1 - upperTail(-z);
}

function upperTail(z: number): number {
  return z < TAIL_STARTS_AT ? 0.5 - centralArea(z) : normalDensity(z) * millsRatio(z);
}

/** P(0 < Z < z) by its all-positive power series (Abramowitz and Stegun 26.2.11). */
function centralArea(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-18; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return normalDensity(z) * sum;
}

/** Tail over density by the continued fraction 1/(z + 1/(z + 2/(z + ...))), evaluated backwards. */
function millsRatio(z: number): number {
  if (z === Number.POSITIVE_INFINITY) return 0;
  const depth = Math.ceil(40 + 800 / (z * z));
  let fraction = z;
  for (let k = depth; k >= 1; k--) fraction = z + k / fraction;
  return 1 / fraction;
}

/**
 * The z below which a standard normal falls with probability `p`.
 *
 * @param p - probability in [0, 1]; 0 gives -Infinity, 1 gives Infinity
 * @throws {StatisticsError} if p lies outside [0, 1]
 */
export function normalQuantile(p: number): number {
  requireProbability("p", p);
  return p <= 0.5 ? -normalUpperQuantile(p) : upperQuantile(1 - p);
}

/**
 * The z that a standard normal exceeds with probability `tail`; precise for tails as small as 1e-300.
 *
 * @throws {StatisticsError} if the tail lies outside [0, 1]
 */
export function normalUpperQuantile(tail: number): number {
  requireProbability("tail", tail);
  return tail <= 0.5 ? upperQuantile(tail) : -upperQuantile(1 - tail);
}

/** Rational first guess (Abramowitz and Stegun 26.2.23), then Halley steps on the exact tail. */
function upperQuantile(tail: number): number {
  if (tail === 0) return Number.POSITIVE_INFINITY;
  if (tail === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(tail));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = t - numerator / denominator;
  for (let step = 0; step < 3; step++) {
    const newton = (normalUpperTail(z) - tail) / normalDensity(z);
    z += newton / (1 - 0.5 * z * newton);
  }
  return z;
}
