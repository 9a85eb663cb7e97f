import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import type { AnyRule } from "../gate-kind.js";

/** Whether a rule sees no difference between two trials of the same case. */
export type UnchangedFor = (row: TrialRow, other: TrialRow) => boolean;

/**
 * How to tell that a change leaves a rule alone, so that its verdict stands: by the scores and measurements that it looks
 * at. `null` for a rule that may look at anything.
 */
export function unchangedFor(rule: AnyRule, metrics: readonly Metric[]): UnchangedFor | null {
  if ("all" in rule) return ofAll(rule.all, metrics);
  if ("any" in rule) return ofAll(rule.any, metrics);
  if ("must_pass" in rule) return sameScore(TASK_SUCCESS);
  if ("budget" in rule || "coverage" in rule || "trend" in rule) return null;
  const metric = metrics.find(({ name }) => name === rule.metric);
  if (metric === undefined) return null;
  if (metric.level === "case") return sameScore(metric.name);
  const { statistic } = metric;
  if (statistic?.kind === "pass") return sameScore(TASK_SUCCESS);
  if (statistic?.kind === "quantile") {
    return (row, other) => isSameList(statistic.valuesOf(row), statistic.valuesOf(other));
  }
  return null;
}

function ofAll(parts: readonly AnyRule[], metrics: readonly Metric[]): UnchangedFor | null {
  const each = parts.map((part) => unchangedFor(part, metrics));
  return each.includes(null) ? null : (row, other) => each.every((one) => one?.(row, other));
}

function sameScore(metric: string): UnchangedFor {
  return (row, other) => row.scores[metric] === other.scores[metric];
}

function isSameList(values: readonly number[], other: readonly number[]): boolean {
  return values.length === other.length && values.every((value, index) => value === other[index]);
}
