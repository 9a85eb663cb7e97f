import { existsSync } from "node:fs";
import type { RunEvidence } from "../../comparison/evidence.js";
import { unlikeRuns } from "../../comparison/unlike-runs.js";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { contentHash } from "../../core/hash.js";
import { IMPORTED_PROVIDER, type RunHeader } from "../../core/run.js";
import type { Estimate } from "../../core/score.js";
import type { BaselineLookup, EarlierRun, GateEvidence, JudgedRun } from "../../gates/gate-evidence.js";
import type { JudgeStandings } from "../../gates/judge-standing.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { Store } from "../../store/store.js";
import { baselineReferences, comparedMetrics } from "../baseline/baseline-rules.js";
import { changedPart } from "../baseline/changed-part.js";
import { findBaseline } from "../baseline/find-baseline.js";
import { type ForcedComparison, forcedSentence } from "../baseline/forced-comparison.js";
import { readRunExport } from "../baseline/read-export.js";
import { rulesFolder } from "../baseline/rules-folder.js";
import { plannedCases, runEvidence } from "../compare/run-evidence.js";
import { metricSetOfRun } from "./judge-run-gates.js";

/** Earlier runs that are looked at for each that is wanted: a suite whose golden set changed has unlike ones. */
const LOOKED_AT = 5;

/** What the gates may look at of a stored run; baselines and earlier runs are read when a rule asks for them. */
export function gateEvidence(
  store: Store,
  run: RunHeader,
  rows: readonly TrialRow[],
  estimates: readonly Estimate[],
  gates: GatesConfig,
  standings: JudgeStandings,
  forced: ForcedComparison | null = null,
): GateEvidence {
  const known = new Map<string, GoldenCase>();
  const own = ownEvidence(store, run, rows, known);
  const look = remembered((reference) => baselineOf(store, run, reference, rulesFolder(gates), known));
  const unlike = remembered((reference) => {
    const { found } = { found: undefined, ...look(reference) };
    return found === undefined
      ? []
      : unlikeRuns(found, own, comparedMetrics(gates)).map((one) => one.message);
  });
  return {
    judged: judgedRun(run, rows, gates, standings, forced === null ? [] : forcedNotes(gates, forced, unlike)),
    estimates,
    own,
    baselineOf: (reference) => {
      const why = forced === null ? unlike(reference) : [];
      return why.length === 0 ? look(reference) : { missing: refusal(reference, why) };
    },
    history: (limit) => earlierRuns(store, own, limit, known),
    changed: (part) => {
      const { found } = { found: undefined, ...look(gates.baseline) };
      return found === undefined ? null : changedPart(run, found.run, part);
    },
  };
}

function remembered<Value>(compute: (key: string) => Value): (key: string) => Value {
  const values = new Map<string, Value>();
  return (key) => {
    const value = values.has(key) ? (values.get(key) as Value) : compute(key);
    values.set(key, value);
    return value;
  };
}

function refusal(reference: string, why: readonly string[]): string {
  return `The baseline ${reference} is unlike this run: ${why.join("; ")}. Run the baseline again on what is judged now, or compare all the same with --force --reason TEXT.`;
}

function forcedNotes(
  gates: GatesConfig,
  forced: ForcedComparison,
  unlike: (reference: string) => readonly string[],
): readonly string[] {
  return baselineReferences(gates).flatMap((reference) => {
    const why = unlike(reference);
    return why.length === 0 ? [] : [forcedSentence(`compared with ${reference}`, why, forced)];
  });
}

function judgedRun(
  run: RunHeader,
  rows: readonly TrialRow[],
  gates: GatesConfig,
  standings: JudgeStandings,
  notes: readonly string[],
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
    notes: [...run.notes, ...notes],
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

/** The baseline as it stands, whether or not it can be compared with. */
function baselineOf(
  store: Store,
  run: RunHeader,
  reference: string,
  folder: string | null,
  known: Map<string, GoldenCase>,
): BaselineLookup {
  const place = findBaseline(store, run, reference, folder);
  if ("missing" in place) return place;
  if ("file" in place) {
    if (!existsSync(place.file)) {
      return {
        missing: `There is no baseline: found no file ${reference}; write one with agentctl runs export RUN -o ${reference}.`,
      };
    }
    const { evidence } = readRunExport(place.file, reference);
    return evidence.rows.length > 0
      ? { found: evidence }
      : { missing: `The baseline ${reference} holds no trials.` };
  }
  for (const _ of store.finishedTrials(place.run.id)) return { found: runEvidence(store, place.run, known) };
  return { missing: `The baseline ${reference} (run ${place.run.id}) holds no trials.` };
}

/** Those that this run can be compared with. */
function earlierRuns(
  store: Store,
  own: RunEvidence,
  limit: number,
  known: Map<string, GoldenCase>,
): EarlierRun[] {
  const { run } = own;
  const earlier = store
    .listRuns({ suite: run.suite })
    .filter(
      (one) =>
        one.id !== run.id &&
        one.createdAt <= run.createdAt &&
        one.status === "complete" &&
        one.shard === undefined &&
        one.trials > 0,
    );
  const found: EarlierRun[] = [];
  for (const { id } of earlier.slice(0, limit * LOOKED_AT)) {
    const header = found.length < limit ? store.getRun(id) : null;
    if (header === null) continue;
    const evidence = runEvidence(store, header, known);
    if (unlikeRuns(evidence, own, []).length > 0) continue;
    found.push({ run: header, rows: evidence.rows });
  }
  return found;
}
