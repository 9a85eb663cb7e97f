import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { Estimate } from "../../core/score.js";
import { traceOf } from "../../core/trace.js";
import { measuredMs, type Trial } from "../../core/trial.js";
import { levelOf } from "../../gates/judge-gates.js";
import type { JudgeStandings } from "../../gates/judge-standing.js";
import { failuresOf, TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import type { CaseReport, RunReport, TraceLoader, TrialReport } from "../../report/run-report.js";
import type { Store } from "../../store/store.js";
import type { ForcedComparison } from "../baseline/forced-comparison.js";
import { judgeRows, metricSetOfRun } from "../gate/judge-run-gates.js";
import { UserFaultNotes } from "../trials/user-fault-notes.js";
import { BusyTime } from "./busy-time.js";
import { ModelUsageTally } from "./model-usage.js";

/** Confidence level of the intervals in a report when no gate file sets another. */
const DEFAULT_LEVEL = 0.95;

/**
 * Puts together what the reports of a run show, from the store alone.
 *
 * @param cases - the golden cases of the run, in dataset order
 */
export function buildReport(
  store: Store,
  run: RunHeader,
  cases: readonly GoldenCase[],
  gates: GatesConfig | null,
  standings: JudgeStandings,
  forced: ForcedComparison | null = null,
): RunReport {
  const planned = new Map(cases.map((one) => [one.id, one]));
  const trialsByCase = new Map<string, TrialReport[]>();
  for (const { caseId } of run.plan) trialsByCase.set(caseId, []);
  const rows: TrialRow[] = [];
  const times = new BusyTime();
  const effort = { cachedCalls: 0, userCostUsd: 0 };
  const userFaults = new UserFaultNotes();
  const usage = new ModelUsageTally();
  for (const { trial, row } of store.trials(run.id)) {
    rows.push(row);
    if (trial.isUntimed !== true) times.add(Date.parse(trial.startedAt), trial.durationMs);
    usage.addTrial(trial.events);
    for (const event of trial.events) {
      if (event.event_type !== "llm_call_end") continue;
      if (event.payload.cached) effort.cachedCalls += 1;
      if (event.payload.speaker === "user") effort.userCostUsd += event.payload.costUsd ?? 0;
    }
    const goldenCase = planned.get(row.caseId);
    if (goldenCase === undefined) continue;
    trialsByCase.get(row.caseId)?.push(trialReport(goldenCase, trial, row));
    // The user of a recording was played elsewhere, before.
    if (run.userModel !== null) userFaults.note(goldenCase, trial);
  }
  const set = metricSetOfRun(run);
  const estimates = estimateAll(rows, set, gates === null ? DEFAULT_LEVEL : levelOf(gates));
  return {
    run: { ...run, notes: [...run.notes, ...userFaults.notes()] },
    estimates: estimates.map((estimate, index) => described(estimate, set.metrics[index] as Metric)),
    cases: cases.flatMap((goldenCase): CaseReport[] => {
      const trials = trialsByCase.get(goldenCase.id);
      return trials === undefined ? [] : [{ goldenCase, trials }];
    }),
    totals: totalsOf(run, rows, { ...effort, durationMs: times.totalMs() }),
    usage: usage.all(),
    gate: gates === null ? null : judgeRows(store, run, rows, estimates, gates, standings, forced),
    comparison: null,
  };
}

function totalsOf(
  run: RunHeader,
  rows: readonly TrialRow[],
  effort: Pick<RunReport["totals"], "durationMs" | "cachedCalls" | "userCostUsd">,
): RunReport["totals"] {
  const totals = { completed: 0, errors: 0, passed: 0, failed: 0, costUnknown: 0 };
  let costUsd: number | null = null;
  for (const row of rows) {
    totals[row.status === "completed" ? "completed" : "errors"] += 1;
    const success = row.scores[TASK_SUCCESS]?.value ?? null;
    if (success !== null) totals[success === 1 ? "passed" : "failed"] += 1;
    if (row.costUsd === null) totals.costUnknown += 1;
    else costUsd = (costUsd ?? 0) + row.costUsd;
  }
  return { planned: run.plan.length, ...totals, ...effort, costUsd };
}

function described(estimate: Estimate, metric: Metric): RunReport["estimates"][number] {
  return { ...estimate, layer: metric.layer, description: metric.description };
}

/** What reports show of one trial. */
export function trialReport(goldenCase: GoldenCase, trial: Trial, row: TrialRow): TrialReport {
  const success = row.scores[TASK_SUCCESS]?.value ?? null;
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
    durationMs: measuredMs(trial),
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
