import { UsageError } from "../core/errors.js";
import type { RunHeader } from "../core/run.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { Metric } from "../metrics/metric.js";
import { type CaseValues, caseValuesOf } from "./case-values.js";
import { compareMetrics, meanOptionsOf } from "./compare-metrics.js";
import { compareSlices, type Slicing } from "./compare-slices.js";
import type { CandidateComparison, CaseChanges, ChangedCase, ComparedRun, Comparison } from "./comparison.js";
import { detectableEffect } from "./detectable-effect.js";
import { alignRuns, type RunEvidence } from "./evidence.js";
import { findWarnings } from "./find-warnings.js";
import { summaryOf } from "./summary.js";

export interface ComparisonOptions {
  /** Confidence of every interval, in (0, 1). */
  readonly level: number;
  /** Metric that the comparison was planned for; default: task.success, else the first one with scores. */
  readonly primary?: string;
  readonly slicings: readonly Slicing[];
}

/**
 * Compares each candidate with the baseline: metrics by the test that their design wants, distributions, slices,
 * and the cases that were lost and won.
 *
 * @param baseline - at least one trial
 * @throws {UsageError} when two runs share no metric
 */
export function compareRuns(
  baseline: RunEvidence,
  candidates: readonly RunEvidence[],
  options: ComparisonOptions,
): Comparison {
  return {
    baseline: comparedRun(baseline),
    candidates: candidates.map((candidate) => compareWith(baseline, candidate, options)),
    level: options.level,
  };
}

function comparedRun({ run, rows }: RunEvidence): ComparedRun {
  const { plan, ...header } = run;
  return {
    run: header satisfies Omit<RunHeader, "plan">,
    planned: plan.length,
    crashed: rows.filter((row) => row.status === "error").length,
    missing: Math.max(0, plan.length - rows.length),
  };
}

function compareWith(
  baseline: RunEvidence,
  candidate: RunEvidence,
  { level, primary: asked, slicings }: ComparisonOptions,
): CandidateComparison {
  const rows = alignRuns(baseline, candidate);
  const both = new Set(candidate.set.metrics.map(({ name }) => name));
  const shared = baseline.set.metrics.filter(({ name }) => both.has(name));
  const primary = primaryOf(shared, baseline, candidate, asked);
  const ordered = [primary, ...shared.filter((metric) => metric !== primary)];
  const { metrics, distributions, primaryChange } = compareMetrics(ordered, primary, rows, level);
  const cases = new Map([...baseline.cases, ...candidate.cases]);
  const options = meanOptionsOf(primary, level);
  const { slices, reversals } = compareSlices(primary, rows, cases, slicings, options);
  const before = caseValuesOf(primary, rows.baseline);
  const after = caseValuesOf(primary, rows.candidate);
  const found = {
    candidate: comparedRun(candidate),
    design: rows.design,
    warnings: findWarnings(baseline, candidate, rows),
    metrics,
    distributions,
    slices,
    reversals,
    changes: changedCases(primary, before, after),
    detectable:
      before === null || !options.isRate ? null : detectableEffect(primaryChange, before, rows.design, level),
  };
  return { ...found, summary: summaryOf(found) };
}

function primaryOf(
  shared: readonly Metric[],
  baseline: RunEvidence,
  candidate: RunEvidence,
  asked: string | undefined,
): Metric {
  const named = shared.find(({ name }) => name === (asked ?? TASK_SUCCESS));
  if (asked !== undefined && named !== undefined) return named;
  const isScored = (metric: Metric) =>
    [baseline, candidate].every(({ rows }) => (caseValuesOf(metric, rows)?.size ?? 0) > 0);
  const found =
    named !== undefined && isScored(named) ? named : (shared.find(isScored) ?? named ?? shared[0]);
  if (found === undefined) {
    const ids = [baseline, candidate].map(({ run }) => run.id).join(" and ");
    throw new UsageError(`runs ${ids} have no metric in common`, {
      nextStep: `give one the metrics of the other with \`agentctl score ${candidate.run.id}\``,
    });
  }
  return found;
}

/** Paired cases whose mean score changed, worst first. */
function changedCases(metric: Metric, before: CaseValues | null, after: CaseValues | null): CaseChanges {
  const sign = metric.direction === "higher" ? 1 : -1;
  const changed: (ChangedCase & { readonly change: number })[] = [];
  for (const [caseId, value] of before ?? []) {
    const other = after?.get(caseId);
    if (other === undefined) continue;
    const baseline = value.sum / value.count;
    const candidate = other.sum / other.count;
    if (candidate === baseline) continue;
    changed.push({ caseId, baseline, candidate, change: sign * (candidate - baseline) });
  }
  changed.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const without = ({ caseId, baseline, candidate }: ChangedCase): ChangedCase => ({
    caseId,
    baseline,
    candidate,
  });
  return {
    metric: metric.name,
    lost: changed.filter(({ change }) => change < 0).map(without),
    won: changed.filter(({ change }) => change > 0).map(without),
  };
}
