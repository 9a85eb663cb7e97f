import { gatesSchema } from "../../src/config/gates/gates-schema.js";
import type { Verdict } from "../../src/core/score.js";
import { judgeGates } from "../../src/gates/judge-gates.js";
import { COMPLETE_RUN, sampleEvidence } from "../../src/gates/testing/gate-samples.js";
import { taskSuccess } from "../../src/metrics/agent/task-success.js";
import { estimateAll } from "../../src/metrics/estimate.js";
import type { TrialRow } from "../../src/metrics/metric.js";
import { metricSetOf } from "../../src/metrics/metric-set.js";
import { latencyPercentile } from "../../src/metrics/operations/latency.js";
import { sampleRun } from "../../src/store/testing/store-samples.js";
import type { RealCase, RealTrial } from "./real-runs.js";

const SET = metricSetOf([taskSuccess, latencyPercentile(95)]);

/** The trials of a run, as gates see them. */
export function rowsOf(cases: readonly RealCase[]): TrialRow[] {
  return cases.flatMap((trials, index) => trials.map((trial, at) => rowOf(`case-${index}`, at, trial)));
}

function rowOf(caseId: string, trial: number, { passed, durationMs }: RealTrial): TrialRow {
  return {
    caseId,
    group: caseId,
    trial,
    status: "completed",
    errorCode: null,
    durationMs: durationMs ?? 0,
    untimed: durationMs === null ? "the recording does not say" : null,
    costUsd: null,
    scores: { "task.success": { value: passed ? 1 : 0 } },
  };
}

/** Rules for a pair, each under its name. */
export type PairRules = readonly { readonly name: string; readonly [key: string]: unknown }[];

/** What the gate says of a candidate against a baseline: the verdict of each rule by its name. */
export function judgePair(
  rules: PairRules,
  baseline: readonly TrialRow[],
  candidate: readonly TrialRow[],
): ReadonlyMap<string, Verdict> {
  const evidence = { run: sampleRun("candidate"), rows: candidate, set: SET, cases: new Map() };
  const other = { run: sampleRun("baseline"), rows: baseline, set: SET, cases: new Map() };
  const judged = { ...COMPLETE_RUN, planned: candidate.length, completed: candidate.length };
  const report = judgeGates(
    gatesSchema.parse({ version: 1, gates: rules }),
    sampleEvidence(estimateAll(candidate, SET), judged, {
      own: evidence,
      baselineOf: () => ({ found: other }),
    }),
  );
  return new Map(report.results.map(({ name, verdict }) => [name, verdict]));
}
