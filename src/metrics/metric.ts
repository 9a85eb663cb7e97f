import type { GoldenCase } from "../core/golden-case.js";
import type { Direction, Estimate, MetricLayer, MetricUnit, Score } from "../core/score.js";
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
  readonly durationMs: number;
  /** Why `durationMs` is not the time that the agent takes; `null` when it is. */
  readonly untimed: string | null;
  readonly costUsd: number | null;
  /** Scores by metric name; a metric that does not apply has `value: null` with its reason. */
  readonly scores: { readonly [metric: string]: Score };
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
}

/** Scores each trial; the run estimate is the mean of the scores with a method that fits them. */
export interface CaseMetric extends MetricBase {
  readonly level: "case";
  readonly score: (input: ScoredInput) => Score;
  /** How scores become an estimate: `proportion` for 0/1 scores, `mean` else, `sum` for counts of events. */
  readonly aggregate: "proportion" | "mean" | "sum";
}

/** Computed from all trials of the run at once (percentiles, ratios, pass^k). */
export interface RunMetric extends MetricBase {
  readonly level: "run";
  readonly estimate: (rows: readonly TrialRow[]) => Omit<Estimate, "metric" | "unit" | "direction">;
}

export type Metric = CaseMetric | RunMetric;
