import type { Direction } from "../core/score.js";
import type { ChangeVerdict, Difference } from "./comparison.js";

/** By which rounding may move a p or an error rate: p = .05 at 95 % is not below 1 - 0.95 in doubles. */
const ROUNDING = 1e-12;

/**
 * What a difference means. With a p the test decides, without one the interval: it must exclude 0.
 *
 * @param p - of the test that decides, adjusted where it is one of many; `null` without a test
 * @param alpha - error rate of one verdict
 */
export function verdictOf(
  difference: Pick<Difference, "value" | "lower" | "upper">,
  p: number | null,
  direction: Direction,
  alpha: number,
): ChangeVerdict {
  const { value, lower, upper } = difference;
  if (value === null) return "unknown";
  if (p === null && (lower === null || upper === null)) return "unknown";
  const isShown = p === null ? (lower as number) > 0 || (upper as number) < 0 : p < alpha * (1 - ROUNDING);
  if (!isShown || value === 0) return "no-difference-shown";
  return value > 0 === (direction === "higher") ? "better" : "worse";
}
