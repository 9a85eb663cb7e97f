import type { Estimate } from "../../core/score.js";
import { storedMetricSet } from "../../metrics/metric-set.js";
import { sampleRun } from "../../store/testing/store-samples.js";
import type { GateEvidence, JudgedRun } from "../gate-evidence.js";
import type { JudgeStandings } from "../judge-standing.js";

/** Standings where no judge was ever calibrated. */
export const NO_STANDINGS: JudgeStandings = { now: "", calibrationOf: () => null };

/** A run of 100 trials in which nothing is missing. */
export const COMPLETE_RUN: JudgedRun = {
  runId: "r1",
  datasetHash: "d",
  agentVersion: "a",
  gatesHash: "g",
  status: "complete",
  planned: 100,
  completed: 100,
  errors: 0,
  rerunnable: true,
  notes: [],
  standings: NO_STANDINGS,
};

export function sampleEstimate(changes: Partial<Estimate>): Estimate {
  return {
    metric: "faithfulness",
    unit: "proportion",
    direction: "higher",
    value: 0.9,
    lower: null,
    upper: null,
    level: 0.95,
    n: 100,
    unscored: {},
    clusters: 100,
    method: "none",
    ...changes,
  };
}

/** What gates see of a run of which only the estimates are known. */
export function sampleEvidence(
  estimates: readonly Estimate[],
  judged: JudgedRun = COMPLETE_RUN,
  changes: Partial<GateEvidence> = {},
): GateEvidence {
  return {
    judged,
    estimates,
    own: { run: sampleRun("r1"), rows: [], set: storedMetricSet([], []), cases: new Map() },
    baselineOf: (reference) => ({ missing: `There is no baseline: found no run ${reference}.` }),
    history: () => [],
    changed: () => null,
    ...changes,
  };
}
