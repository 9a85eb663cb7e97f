import type { Estimate, Verdict } from "../core/score.js";
import type { GateCalibration } from "./judge-standing.js";

/** One rule of gates.yaml judged on a run. */
export interface GateResult {
  readonly metric: string;
  /** e.g. `lower bound >= 0.85`. */
  readonly required: string;
  readonly min: number | null;
  readonly max: number | null;
  /** What must clear the thresholds: the estimate, or a limit of its interval. */
  readonly bound: "estimate" | "lower" | "upper";
  readonly estimate: Estimate | null;
  /** How far the judge that gave the metric agrees with people; `null` without a calibration, and for other metrics. */
  readonly calibration: GateCalibration | null;
  readonly verdict: Verdict;
  /** A `minor` gate is a warning: it is judged and shown, and never changes the verdict of the report. */
  readonly severity: "critical" | "major" | "minor";
  /** One sentence: why this verdict, and for inconclusive what would settle it. */
  readonly reason: string;
}

/** All rules of gates.yaml judged on a run, with the hashes of what was judged. */
export interface GateReport {
  readonly verdict: Verdict;
  /** One sentence for each thing that kept the verdict from `pass`; empty on a pass. */
  readonly reasons: readonly string[];
  /** What a reader must know about the run that was judged, whatever the verdict; one sentence each. */
  readonly notes: readonly string[];
  readonly runId: string;
  readonly gatesHash: string;
  readonly datasetHash: string;
  readonly agentVersion: string;
  readonly results: readonly GateResult[];
}
