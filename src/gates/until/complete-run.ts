import type { PlannedTrial } from "../../core/run.js";
import { estimateMetric } from "../../metrics/estimate.js";
import type { Metric, TrialRow } from "../../metrics/metric.js";
import { scored } from "../../metrics/scores.js";
import type { GateEvidence } from "../gate-evidence.js";

/** What a remaining trial might give. */
export interface AssumedTrial {
  readonly planned: PlannedTrial;
  /** Score of the metric; `null`: it has none for this trial. */
  readonly score?: number | null;
  readonly durationMs?: number;
}

/** The row of a trial that was not run, as if it had given this. */
export function assumedRow(
  { planned, score, durationMs = 0 }: AssumedTrial,
  metric: string,
  groupOf: (caseId: string) => string,
): TrialRow {
  const { caseId, trial } = planned;
  return {
    caseId,
    group: groupOf(caseId),
    trial,
    status: "completed",
    errorCode: null,
    durationMs,
    untimed: null,
    costUsd: null,
    scores:
      score === undefined
        ? {}
        : { [metric]: score === null ? { value: null, reason: "not known" } : scored(score) },
  };
}

/** The evidence as it would be with these rows, of one metric. */
export function evidenceWith(
  evidence: GateEvidence,
  rows: readonly TrialRow[],
  metric: Metric,
  level: number,
): GateEvidence {
  return {
    ...evidence,
    estimates: [estimateMetric(metric, rows, level)],
    own: runWithRows(evidence.own, rows),
  };
}

/** A run with other rows. Its cases are read from the store only when somebody asks for them. */
export function runWithRows(own: GateEvidence["own"], rows: readonly TrialRow[]): GateEvidence["own"] {
  return {
    run: own.run,
    set: own.set,
    rows,
    get cases() {
      return own.cases;
    },
  };
}
