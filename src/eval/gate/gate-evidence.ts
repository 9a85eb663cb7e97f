import type { RunEvidence } from "../../comparison/evidence.js";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../../core/run.js";
import type { Estimate } from "../../core/score.js";
import type { BaselineLookup, EarlierRun, GateEvidence, JudgedRun } from "../../gates/gate-evidence.js";
import { levelOf } from "../../gates/judge-gates.js";
import type { JudgeStandings } from "../../gates/judge-standing.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { Store } from "../../store/store.js";
import { plannedCases, runEvidence } from "../compare/run-evidence.js";
import { metricSetOfRun } from "./judge-run-gates.js";

/** What the gates may look at of a stored run; baselines and earlier runs are read when a rule asks for them. */
export function gateEvidence(
  store: Store,
  run: RunHeader,
  rows: readonly TrialRow[],
  estimates: readonly Estimate[],
  gates: GatesConfig,
  standings: JudgeStandings,
): GateEvidence {
  const known = new Map<string, GoldenCase>();
  const baselines = new Map<string, BaselineLookup>();
  return {
    judged: judgedRun(run, rows, gates, standings),
    estimates,
    own: ownEvidence(store, run, rows, known),
    baselineOf: (reference) => {
      const found = baselines.get(reference) ?? baselineOf(store, run, reference, known);
      baselines.set(reference, found);
      return found;
    },
    history: (limit) => earlierRuns(store, run, limit, levelOf(gates)),
    changed: () => null,
  };
}

function judgedRun(
  run: RunHeader,
  rows: readonly TrialRow[],
  gates: GatesConfig,
  standings: JudgeStandings,
): JudgedRun {
  return {
    runId: run.id,
    gatesHash: contentHash(gates),
    datasetHash: run.datasetHash,
    agentVersion: run.agentVersion,
    status: run.status,
    planned: run.plan.length,
    completed: rows.filter((row) => row.status === "completed").length,
    errors: rows.filter((row) => row.status === "error").length,
    rerunnable: run.provider !== IMPORTED_PROVIDER && !allCrashedInRecording(rows),
    notes: run.notes,
    standings,
  };
}

/** A recording that crashed crashes again: there is no use in running such trials once more. */
function allCrashedInRecording(rows: readonly TrialRow[]): boolean {
  const errors = rows.filter((row) => row.status === "error");
  return errors.length > 0 && errors.every((row) => row.errorCode === "RECORDING_CRASHED");
}

function ownEvidence(
  store: Store,
  run: RunHeader,
  rows: readonly TrialRow[],
  known: Map<string, GoldenCase>,
): RunEvidence {
  let cases: RunEvidence["cases"] | null = null;
  return {
    run,
    rows,
    set: metricSetOfRun(run),
    get cases() {
      cases ??= plannedCases(store, run, known);
      return cases;
    },
  };
}

function baselineOf(
  store: Store,
  run: RunHeader,
  reference: string,
  known: Map<string, GoldenCase>,
): BaselineLookup {
  const found = store.getRun(reference);
  if (found === null) return { missing: `There is no baseline: found no run ${reference}.` };
  if (found.id === run.id) return { missing: `The baseline ${reference} is this very run.` };
  for (const _ of store.finishedTrials(found.id)) return { found: runEvidence(store, found, known) };
  return { missing: `The baseline ${reference} (run ${found.id}) holds no trials.` };
}

function earlierRuns(store: Store, run: RunHeader, limit: number, level: number): EarlierRun[] {
  const runs = store
    .listRuns({ suite: run.suite })
    .filter((one) => one.id !== run.id && one.createdAt <= run.createdAt && one.status === "complete");
  return runs.slice(0, limit).map((earlier) => {
    const rows = [...store.trialRows(earlier.id)];
    return { run: earlier, rows, estimates: estimateAll(rows, metricSetOfRun(earlier), level) };
  });
}
