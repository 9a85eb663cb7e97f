import type { GoldenCase } from "../core/golden-case.js";
import type {
  Aggregate,
  Direction,
  Estimate,
  GradeScale,
  MetricLayer,
  MetricUnit,
  Score,
} from "../core/score.js";
import type { Trace } from "../core/trace.js";
import type { Trial } from "../core/trial.js";

/** What a case-level metric sees: the case, the trial and the trace derived from its events. */
export interface ScoredInput {
  readonly goldenCase: GoldenCase;
  readonly trial: Trial;
  readonly trace: Trace;
}

/** The little that run-level estimates need of each trial; kept for every trial of a run. */
export interface TrialRow {
  readonly caseId: string;
  readonly group: string;
  readonly trial: number;
  readonly status: Trial["status"];
  readonly errorCode: string | null;
  /** Left out in rows that were stored before it was known. */
  readonly stopReason?: Trial["stopReason"];
  /** Milliseconds since the Unix epoch; left out when the trial's start is not known. */
  readonly startedAtMs?: number;
  readonly durationMs: number;
  /** Why `durationMs` is not the time that the agent takes; `null` when it is. */
  readonly untimed: string | null;
  readonly costUsd: number | null;
  /** Measurements within the trial, by name: `turn_ms`, `first_token_ms`. Left out where there are none. */
  readonly samples?: { readonly [name: string]: readonly number[] };
  /** Scores by metric name; a metric that does not apply has `value: null` with its reason. */
  readonly scores: { readonly [metric: string]: Score };
}

/** What a metric gives where tools disagree in silence. Each a sentence. */
export interface MetricRules {
  /** For an empty answer, an empty list or a case that states nothing to compare with. */
  readonly empty: string;
  /** When the agent declines; `null` where it makes no difference. */
  readonly refusal: string | null;
  /** For a claim without support; `null` for metrics that read no claims. */
  readonly unsupportedClaim: string | null;
}

interface MetricBase {
  /** Stable dotted name, as written in gates.yaml. */
  readonly name: string;
  readonly layer: MetricLayer;
  readonly unit: MetricUnit;
  readonly direction: Direction;
  /** One sentence: what the number means; ends in the reports and in `agentctl metrics`. */
  readonly description: string;
  /** What must be in the case or trace for a score: shown where the metric is `null`. */
  readonly needs: readonly string[];
  /** Where the definition comes from. */
  readonly source: string;
  /** Least and largest value, e.g. `0 to 1`, `0 and up`. */
  readonly range: string;
  readonly rules: MetricRules;
  /** Which tool gives the same number under the same name, and which gives another; `no peer` when none is known. */
  readonly agreesWith: string;
}

/** Scores each trial; the run estimate is the mean of the scores with a method that fits them. */
export interface CaseMetric extends MetricBase {
  readonly level: "case";
  /** Worst and best grade of a rating; left out where it is not known. */
  readonly scale?: GradeScale;
  readonly score: (input: ScoredInput) => Score;
  readonly aggregate: Aggregate;
}

/** What a run-level estimate is made of, so that two runs can be compared by the test that fits it. */
export type RunStatistic =
  /** A mean over trials of a value; `null` leaves a trial out. */
  | { readonly kind: "mean"; readonly valueOf: (row: TrialRow) => number | null }
  /** A total over trials. */
  | { readonly kind: "sum"; readonly valueOf: (row: TrialRow) => number | null }
  /** The chance that all, or any, of k trials of a case succeed. */
  | { readonly kind: "pass"; readonly k: number; readonly of: "all" | "any" }
  /** A quantile of all measurements. */
  | { readonly kind: "quantile"; readonly q: number; readonly valuesOf: (row: TrialRow) => readonly number[] }
  /** A sum over another sum; a trial with `null` is left out. */
  | { readonly kind: "ratio"; readonly partsOf: (row: TrialRow) => RatioParts | null };

export interface RatioParts {
  readonly numerator: number;
  readonly denominator: number;
}

/** Computed from all trials of the run at once (percentiles, ratios, pass^k). */
export interface RunMetric extends MetricBase {
  readonly level: "run";
  /** Left out where no test is known: two runs are then compared by resampling cases. */
  readonly statistic?: RunStatistic;
  readonly estimate: (rows: readonly TrialRow[]) => Omit<Estimate, "metric" | "unit" | "direction">;
}

export type Metric = CaseMetric | RunMetric;
