import { binomialUpperTail } from "./binomial.js";
import { requireCount } from "./validate.js";

/**
 * Exact two-sided p-value that one of two directions is as likely as the other, given how often each was seen.
 *
 * @returns probability in (0, 1]; 1 when nothing was seen
 * @throws {StatisticsError} if a count is negative or not whole
 */
export function signTest(one: number, other: number): number {
  requireCount("one", one);
  requireCount("other", other);
  const seen = one + other;
  return Math.min(1, 2 * binomialUpperTail(Math.max(one, other), seen, 0.5));
}
