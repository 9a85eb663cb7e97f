import type { RunEvidence } from "../../comparison/evidence.js";
import { gateSchema } from "../../config/gates/gate-schema.js";
import { gatesSchema } from "../../config/gates/gates-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { Score } from "../../core/score.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import { estimateAll } from "../../metrics/estimate.js";
import type { TrialRow } from "../../metrics/metric.js";
import { storedMetricSet } from "../../metrics/metric-set.js";
import { sampleCase, sampleRow, sampleRun, sampleTrial } from "../../store/testing/store-samples.js";
import type { EarlierRun, GateEvidence } from "../gate-evidence.js";
import type { GateResult } from "../gate-report.js";
import { judgeGate } from "../judge-gate.js";
import { COMPLETE_RUN, sampleEvidence } from "./gate-samples.js";

/** One trial: passed, failed, broken, without a verdict, or not run. */
export type Outcome = 1 | 0 | "error" | "unscored" | "not run";

/** A case with the outcome of each planned trial. */
export interface CaseOutcomes extends Partial<GoldenCase> {
  readonly id: string;
  readonly trials: readonly Outcome[];
  /** Changes to every row of the case. */
  readonly row?: Partial<TrialRow>;
}

const METRICS = [TASK_SUCCESS, "tokens.total"];

function scoreOf(outcome: Outcome): Score {
  return typeof outcome === "number" ? { value: outcome } : { value: null, reason: "nothing to check" };
}

export function rowsOf(cases: readonly CaseOutcomes[]): TrialRow[] {
  return cases.flatMap(({ id, trials, row }) =>
    trials.flatMap((outcome, trial): TrialRow[] => {
      if (outcome === "not run") return [];
      const base = sampleRow(sampleTrial(id, trial), null);
      const broken = outcome === "error" ? ({ status: "error", errorCode: "PROVIDER_HTTP" } as const) : {};
      const scores = { [TASK_SUCCESS]: scoreOf(outcome), ...row?.scores };
      return [{ ...base, ...broken, ...row, scores }];
    }),
  );
}

/** What gates see of a run of these cases, and of earlier ones, newest first. */
export function evidenceOf(
  cases: readonly CaseOutcomes[],
  earlier: readonly (readonly CaseOutcomes[])[] = [],
): GateEvidence {
  const rows = rowsOf(cases);
  const set = storedMetricSet(METRICS, []);
  const planned = cases.flatMap(({ id, trials }) =>
    trials.map((_, trial) => ({ caseId: id, caseHash: id, trial })),
  );
  const own: RunEvidence = {
    run: sampleRun("r1", { plan: planned, metrics: METRICS }),
    rows,
    set,
    cases: new Map(
      cases.map(({ trials: _, row: __, ...changes }) => [changes.id, sampleCase(changes.id, changes)]),
    ),
  };
  const completed = rows.filter((row) => row.status === "completed").length;
  const judged = { ...COMPLETE_RUN, planned: planned.length, completed, errors: rows.length - completed };
  const runs = earlier.map((one, index) => earlierOf(`e${index}`, one));
  return sampleEvidence(estimateAll(rows, set), judged, {
    own,
    history: (limit) => runs.slice(0, limit),
  });
}

function earlierOf(id: string, cases: readonly CaseOutcomes[]): EarlierRun {
  return { run: sampleRun(id), rows: rowsOf(cases) };
}

/** Judges one rule as gates.yaml would say it. */
export function judgeRule(rule: object, evidence: GateEvidence): GateResult {
  const rules = gatesSchema.parse({ version: 1, gates: [rule] });
  return judgeGate(gateSchema.parse(rule), { evidence, rules, name: "the gate" });
}
