import type { Difference, TestResult } from "../comparison/comparison.js";
import type { Waiver } from "../config/gates/gates-schema.js";
import type { Estimate, Verdict } from "../core/score.js";
import type { GateKind } from "./gate-kind.js";
import type { GateCalibration } from "./judge-standing.js";

/** One rule of gates.yaml judged on a run. */
export interface GateResult {
  /** Unique in its report: the name in the file, else made of the rule. */
  readonly name: string;
  readonly kind: GateKind;
  /** `null` for gates on something else than a metric. */
  readonly metric: string | null;
  /** e.g. `lower bound >= 0.85`, `no more than 2 points below main`. */
  readonly required: string;
  /** Of a threshold gate. */
  readonly min: number | null;
  readonly max: number | null;
  /** What must clear the thresholds: the estimate, or a limit of its interval. */
  readonly bound: "estimate" | "lower" | "upper";
  /** Of this run. For gates without a metric: what was counted, where a number was. */
  readonly estimate: Estimate | null;
  readonly baseline: GateBaseline | null;
  /** Candidate minus baseline, with the interval that the verdict rests on; `null` for gates without a baseline. */
  readonly difference: GateDifference | null;
  /** How far the judge that gave the metric agrees with people; `null` without a calibration, and for other metrics. */
  readonly calibration: GateCalibration | null;
  readonly verdict: Verdict;
  /** A `minor` gate is a warning: it is judged and shown, and never changes the verdict of the report. */
  readonly severity: "critical" | "major" | "minor";
  /** One sentence: why this verdict. */
  readonly reason: string;
  /** What would make an inconclusive gate conclusive, e.g. `about 53 more cases`; `null` otherwise, and where it cannot be said. */
  readonly toSettle: string | null;
  /** Of gates that consist of others: slices, `all`, `any`. */
  readonly parts: readonly GateResult[];
  /** Cases that the verdict rests on, e.g. those that had to pass and did not; at most 50. */
  readonly cases: readonly GateCase[];
  /** Somebody answers for it: the verdict stands, and does not count. `null` otherwise. */
  readonly waiver: Waiver | null;
}

/** The run that a gate compares with. */
interface GateBaseline {
  /** As the rule names it. */
  readonly reference: string;
  readonly runId: string;
  readonly agentVersion: string;
  readonly estimate: Estimate | null;
}

export interface GateDifference extends Difference {
  /** Confidence level of its interval. */
  readonly level: number;
  readonly design: "paired" | "unpaired";
  /** Largest loss that passes (gates of no worse), or least gain (better), in the unit of the metric. */
  readonly margin: number | null;
  /** Whether the difference is candidate over baseline minus 1, not candidate minus baseline. */
  readonly isRelative: boolean;
  readonly test: TestResult | null;
}

export interface GateCase {
  readonly caseId: string;
  /** e.g. `failed in 1 of 3 trials`. */
  readonly note: string;
}

/** A gate whose condition does not hold. */
export interface SkippedGate {
  readonly name: string;
  readonly reason: string;
}

/** A case whose trials disagree beyond what its history lets expect. */
export interface FlakyCase {
  readonly caseId: string;
  /** Trials of this run that passed, and all of them. */
  readonly passed: number;
  readonly trials: number;
  /** Share of disagreeing pairs of trials in its history, 0 to 1; `null` without one. */
  readonly historyRate: number | null;
  /** Probability of at least this much disagreement, given that history and that of the suite. */
  readonly p: number;
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
  readonly skipped: readonly SkippedGate[];
  readonly flaky: readonly FlakyCase[];
}
