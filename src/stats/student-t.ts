import { betaQuantileLogit, incompleteBeta } from "./beta.js";
import { StatisticsError } from "./statistics-error.js";
import { requireProbability } from "./validate.js";

function requireDegrees(degrees: number): void {
  if (!(degrees > 0 && Number.isFinite(degrees))) {
    throw new StatisticsError(`expected positive degrees of freedom, found ${degrees}`);
  }
}

/**
 * P(T > t) of Student's t distribution, computed as a tail.
 *
 * @param degrees - degrees of freedom, positive
 * @throws {StatisticsError} if the degrees are not positive
 */
function studentTUpperTail(t: number, degrees: number): number {
  requireDegrees(degrees);
  const square = t * t;
  const tail =
    square === Number.POSITIVE_INFINITY
      ? 0
      : 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
  return t >= 0 ? tail : 1 - tail;
}

/** P(T <= t) of Student's t distribution, with full relative precision in the left tail. */
export function studentTCdf(t: number, degrees: number): number {
  return studentTUpperTail(-t, degrees);
}

/**
 * The t that Student's t distribution exceeds with probability `tail`.
 *
 * @param tail - in [0, 1]
 * @throws {StatisticsError} if the tail lies outside [0, 1] or the degrees are not positive
 */
export function studentTUpperQuantile(tail: number, degrees: number): number {
  requireProbability("tail", tail);
  requireDegrees(degrees);
  if (tail > 0.5) return -studentTUpperQuantile(1 - tail, degrees);
  if (tail === 0.5) return 0;
  const logit = betaQuantileLogit(2 * tail, 1 - 2 * tail, degrees / 2, 0.5);
  return Math.sqrt(degrees * Math.exp(-logit));
}
