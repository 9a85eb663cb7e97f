import type { RunEvidence } from "../comparison/evidence.js";
import type { RunHeader, RunStatus } from "../core/run.js";
import type { Estimate } from "../core/score.js";
import type { TrialRow } from "../metrics/metric.js";
import type { JudgeStandings } from "./judge-standing.js";

/** What was judged, and how complete it is. */
export interface JudgedRun {
  readonly runId: string;
  readonly datasetHash: string;
  readonly agentVersion: string;
  readonly gatesHash: string;
  readonly status: RunStatus;
  /** Trials of the plan. */
  readonly planned: number;
  /** Trials that were executed and can be scored. */
  readonly completed: number;
  /** Trials that infrastructure broke. */
  readonly errors: number;
  /** Whether agentctl can run its trials again; an imported run it cannot. */
  readonly rerunnable: boolean;
  /** What a reader must know about the run, one sentence each; the report repeats it. */
  readonly notes: readonly string[];
  readonly standings: JudgeStandings;
}

/** An earlier run, as a gate on history sees it. */
export interface EarlierRun {
  readonly run: Omit<RunHeader, "plan">;
  readonly rows: readonly TrialRow[];
}

/** The run that a rule compares with, or one sentence that says why there is none. */
export type BaselineLookup = { readonly found: RunEvidence } | { readonly missing: string };

/** Everything that gates may look at. Read on demand: a gate file without a baseline never reads one. */
export interface GateEvidence {
  readonly judged: JudgedRun;
  /** Estimates of the run, at the level of the gates. */
  readonly estimates: readonly Estimate[];
  /** Rows, metrics and cases of the run. */
  readonly own: RunEvidence;
  /** @param reference - as a rule names it; `baseline` was replaced by that of the file */
  readonly baselineOf: (reference: string) => BaselineLookup;
  /** Complete earlier runs of the same suite, newest first, at most `limit`. */
  readonly history: (limit: number) => readonly EarlierRun[];
  /**
   * Whether something differs from the run that the file calls the baseline.
   *
   * @param part - e.g. `prompt`, `model`, `tools`, `agent`, `dataset`
   * @returns `null` when nobody knows, e.g. without a baseline: a condition then counts as met, and the gate is judged
   */
  readonly changed: (part: string) => boolean | null;
}
