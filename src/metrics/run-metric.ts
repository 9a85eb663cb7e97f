import type { RunMetric, TrialRow } from "./metric.js";
import type { RunEstimate } from "./sample.js";

/** Computes a run-level estimate at a confidence level. */
export type RunEstimator = (rows: readonly TrialRow[], level?: number) => RunEstimate;

/** A run-level metric; its estimator also takes the confidence level, 0.95 unless told. */
export function runMetric(
  definition: Omit<RunMetric, "level" | "estimate">,
  estimate: (rows: readonly TrialRow[], level: number) => RunEstimate,
): RunMetric {
  const estimator: RunEstimator = (rows, level = 0.95) => estimate(rows, level);
  return { ...definition, level: "run", estimate: estimator };
}
