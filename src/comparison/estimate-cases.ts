import type { Estimate } from "../core/score.js";
import { estimateMetric, isBounded } from "../metrics/estimate.js";
import type { Metric, TrialRow } from "../metrics/metric.js";
import { boundedLimits, estimateOf, meanLimits } from "../metrics/sample.js";
import { caseValuesOf } from "./case-values.js";

/**
 * The estimate that a difference of means by case belongs to. Where all cases have as many scored trials it is that of
 * the run; else each case counts once, as it does in the difference, so that candidate minus baseline is the difference.
 *
 * @param isTotal - whether the metric is a total over trials
 */
export function estimateCases(
  metric: Metric,
  rows: readonly TrialRow[],
  level: number,
  isTotal: boolean,
): Estimate {
  const overTrials = estimateMetric(metric, rows, level);
  const cases = [...(caseValuesOf(metric, rows)?.values() ?? [])];
  const [first] = cases;
  if (isTotal || overTrials.value === null || cases.every(({ count }) => count === first?.count)) {
    return overTrials;
  }
  const means = cases.map(({ sum, count }) => sum / count);
  const groups = cases.map(({ group }) => group);
  const limits = isBounded(metric)
    ? boundedLimits(means, groups, level, false)
    : meanLimits(means, groups, level);
  const sample = { rows: [], values: means, groups, unscored: overTrials.unscored };
  const { metric: name, unit, direction, n } = overTrials;
  const method = `${limits.method} of means by case`;
  return { metric: name, unit, direction, ...estimateOf({ ...limits, method }, sample, level), n };
}
