import type { Estimate } from "../core/score.js";
import type { CaseMetric, Metric, TrialRow } from "./metric.js";
import { defaultMetricSet, type MetricSet } from "./metric-set.js";
import { ratingLimits } from "./rating-limits.js";
import type { RunEstimator } from "./run-metric.js";
import {
  boundedLimits,
  estimateOf,
  meanLimits,
  noEstimate,
  type RunEstimate,
  sampleOf,
  whyUnscored,
} from "./sample.js";
import { unscored } from "./scores.js";

/**
 * A metric over a run, with its interval.
 *
 * - rates of 0/1 outcomes: Wilson with one trial a cluster, else clustered t (CR1) cut to [0, 1];
 * - means: Student's t with one trial a cluster, else clustered t; no limits below two clusters;
 * - sums: the total, without limits;
 * - run-level metrics: their own method.
 *
 * Clusters are the cases' groups. Without a scored trial the value is `null` with the reason, and the limits are
 * `null`, or [0, 1] for a rate.
 *
 * @param level - confidence in (0, 1)
 * @throws {StatisticsError} if the level is outside (0, 1)
 */
export function estimateMetric(metric: Metric, rows: readonly TrialRow[], level = 0.95): Estimate {
  const { name, unit, direction } = metric;
  if (metric.level === "case")
    return { metric: name, unit, direction, ...estimateScores(metric, rows, level) };
  const estimator: RunEstimator = metric.estimate;
  return { metric: name, unit, direction, ...estimator(rows, level) };
}

/** Every metric of a set over a run, in the order of the set. */
export function estimateAll(
  rows: readonly TrialRow[],
  set: MetricSet = defaultMetricSet,
  level = 0.95,
): Estimate[] {
  return set.metrics.map((metric) => estimateMetric(metric, rows, level));
}

function estimateScores(metric: CaseMetric, rows: readonly TrialRow[], level: number): RunEstimate {
  const sample = sampleOf(rows, (row) => row.scores[metric.name] ?? unscored("the metric was not computed"));
  const { values, groups } = sample;
  if (metric.aggregate === "proportion") {
    const limits = boundedLimits(values, groups, level, true);
    return estimateOf(
      limits.value === null ? { ...limits, reason: whyUnscored(sample.unscored) } : limits,
      sample,
      level,
    );
  }
  if (values.length === 0) return noEstimate(sample, level);
  if (metric.aggregate === "sum") {
    const value = values.reduce((sum, score) => sum + score, 0);
    const clusters = new Set(groups).size;
    return estimateOf({ value, lower: null, upper: null, method: "sum", clusters }, sample, level);
  }
  if (metric.unit === "rating") {
    // Grades may reach below 0, where limits of all other units are cut.
    const limits = ratingLimits(values, groups, level, metric.scale ?? null);
    return { ...limits, level, n: values.length, unscored: sample.unscored };
  }
  const limits = isBounded(metric)
    ? boundedLimits(values, groups, level, false)
    : meanLimits(values, groups, level);
  return estimateOf(limits, sample, level);
}

/** Whether the scores lie in [0, 1]: shares, scores, and all ranking measures. */
export function isBounded({ unit, layer }: Pick<Metric, "unit" | "layer">): boolean {
  return unit === "proportion" || unit === "score" || layer === "retrieval";
}
