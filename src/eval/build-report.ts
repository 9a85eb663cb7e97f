import type { GoldenCase } from "../core/golden-case.js";
import type { RunHeader } from "../core/run.js";
import type { Estimate } from "../core/score.js";
import { traceOf } from "../core/trace.js";
import type { Trial } from "../core/trial.js";
import type { GateReport } from "../gates/gate-report.js";
import { failuresOf } from "../metrics/agent/task-success.js";
import { estimateAll } from "../metrics/estimate.js";
import type { Metric, TrialRow } from "../metrics/metric.js";
import { metricByName } from "../metrics/registry.js";
import type { CaseReport, RunReport, TraceLoader, TrialReport } from "../report/run-report.js";
import type { Store } from "../store/store.js";

/** Confidence level of the intervals in a report when no gate file sets another. */
export const DEFAULT_LEVEL = 0.95;

/**
 * Puts together what the reports of a run show, from the store alone.
 *
 * @param cases - the golden cases of the run, in dataset order
 */
export function buildReport(
  store: Store,
  run: RunHeader,
  cases: readonly GoldenCase[],
  gate: GateReport | null,
  level = DEFAULT_LEVEL,
): RunReport {
  const rows = [...store.trialRows(run.id)];
  const rowsByCase = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const known = rowsByCase.get(row.caseId);
    if (known === undefined) rowsByCase.set(row.caseId, [row]);
    else known.push(row);
  }
  const caseReports = cases
    .filter((one) => rowsByCase.has(one.id))
    .map(
      (goldenCase): CaseReport => ({
        goldenCase,
        trials: (rowsByCase.get(goldenCase.id) ?? []).map((row) =>
          trialReport(store, run.id, goldenCase, row),
        ),
      }),
    );
  const success = rows.map((row) => row.scores["task.success"]?.value ?? null);
  const costs = rows.flatMap((row) => (row.costUsd === null ? [] : [row.costUsd]));
  return {
    run,
    estimates: estimateAll(rows, level).map(described),
    cases: caseReports,
    totals: {
      planned: run.plan.length,
      completed: rows.filter((row) => row.status === "completed").length,
      errors: rows.filter((row) => row.status === "error").length,
      passed: success.filter((value) => value === 1).length,
      failed: success.filter((value) => value !== null && value < 1).length,
      durationMs: run.finishedAt === null ? 0 : Date.parse(run.finishedAt) - Date.parse(run.createdAt),
      costUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    },
    gate,
  };
}

function described(estimate: Estimate): RunReport["estimates"][number] {
  const metric = metricByName(estimate.metric) as Metric;
  return { ...estimate, layer: metric.layer, description: metric.description };
}

/** Events are read only for trials that did not pass: those are the ones that a report explains. */
function trialReport(store: Store, runId: string, goldenCase: GoldenCase, row: TrialRow): TrialReport {
  const trial = store.getTrial(runId, row.caseId, row.trial) as Trial;
  const success = row.scores["task.success"]?.value ?? null;
  const trace = traceOf(trial);
  return {
    trial: row.trial,
    status: trial.status,
    stopReason: trial.stopReason,
    error: trial.error,
    passed: success === null ? null : success === 1,
    failures: success === 1 ? [] : failuresOf({ goldenCase, trial, trace }),
    answer: trace.answer,
    scores: row.scores,
    durationMs: trial.durationMs,
    costUsd: row.costUsd,
    check: trial.check,
  };
}

/** Reads the trace of one trial when a reporter asks for it. */
export function traceLoader(store: Store, runId: string): TraceLoader {
  return (caseId, trial) => {
    const stored = store.getTrial(runId, caseId, trial);
    return stored === null ? null : traceOf(stored);
  };
}
