import type { Estimate } from "../core/score.js";

/** How much evidence, besides what is there, would take the interval off a threshold at the same rate. */
export interface MoreEvidence {
  /** At least 1. */
  readonly count: number;
  /** More trials of the same cases do not narrow a clustered interval as more cases do. */
  readonly of: "trials" | "cases";
}

/** Methods whose limits say nothing of how they move with n. */
const WITHOUT_FORECAST = new Set(["none", "sum", "order-statistics"]);
const MAX_FORECAST = 1e9;

/**
 * Estimates how much more evidence would settle an interval that straddles a threshold, if the estimate stayed
 * where it is. Wilson limits: exact, from the score test that they invert. Other limits that narrow with the
 * root of n: the width that is needed, squared. A forecast, not a promise: the estimate will move.
 *
 * @returns `null` where no honest number exists: the estimate lies on the threshold, the method gives none
 */
export function evidenceToSettle(estimate: Estimate, threshold: number): MoreEvidence | null {
  const { value, n, clusters, method } = estimate;
  if (value === null || n < 1 || WITHOUT_FORECAST.has(method)) return null;
  const distance = Math.abs(value - threshold);
  if (distance === 0) return null;
  const of = method !== "wilson" && clusters > 0 && clusters < n ? "cases" : "trials";
  const have = of === "cases" ? clusters : n;
  const isAlike = method.startsWith("wilson-clusters") && value > 0 && value < 1;
  const needed = isAlike
    ? alikeCount(estimate, value, threshold, have)
    : method.startsWith("wilson")
      ? wilsonCount(estimate, value, threshold, have)
      : rootScaled(estimate, value, threshold, have);
  if (needed === null || !Number.isFinite(needed) || needed > MAX_FORECAST) return null;
  return { count: Math.max(1, Math.ceil(needed) - have), of };
}

/** A Wilson limit w solves n(p - w)^2 = z^2 w(1 - w); one limit gives z^2, and z^2 gives n for the threshold. */
function wilsonCount(estimate: Estimate, value: number, threshold: number, have: number): number | null {
  const limit = [estimate.lower, estimate.upper].find((bound) => bound !== null && bound > 0 && bound < 1);
  if (limit === undefined || limit === null || threshold <= 0 || threshold >= 1) return null;
  const zSquared = (have * (value - limit) ** 2) / (limit * (1 - limit));
  return (zSquared * threshold * (1 - threshold)) / (value - threshold) ** 2;
}

/** Of clusters that are all alike: the odds of the share that may be otherwise shrink with their number. */
function alikeCount(
  { unit, lower, upper }: Estimate,
  value: number,
  threshold: number,
  have: number,
): number | null {
  if (unit === "rating" || threshold <= 0 || threshold >= 1) return null;
  const facing = threshold < value ? lower : upper;
  if (facing === null) return null;
  const odds = (limit: number) => Math.abs(value - limit) / (limit < value ? limit : 1 - limit);
  return (have * odds(facing)) / odds(threshold);
}

function rootScaled(estimate: Estimate, value: number, threshold: number, have: number): number | null {
  const facing = threshold < value ? estimate.lower : estimate.upper;
  if (facing === null || facing === value) return null;
  return have * ((value - facing) / (value - threshold)) ** 2;
}
