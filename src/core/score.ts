/** A metric's answer for one trial. `value: null` is excluded from means and counted. */
export type Score =
  | { readonly value: number; readonly detail?: string }
  | { readonly value: null; readonly reason: string };

/** A metric over a run. */
export interface Estimate {
  readonly metric: string;
  readonly unit: MetricUnit;
  readonly direction: Direction;
  /** `null` when nothing could be computed; `reason` says why. */
  readonly value: number | null;
  /** Lower and upper limit at `level`; `null` where no limit can be given. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Confidence level of the interval, e.g. 0.95. */
  readonly level: number;
  /** Trials that were scored. */
  readonly n: number;
  /** Trials without a score, by reason. */
  readonly unscored: { readonly [reason: string]: number };
  /** Number of independent clusters (cases or groups). */
  readonly clusters: number;
  /** Statistical method of the interval, e.g. `wilson`, `clustered-t`, `order-statistics`, `none`. */
  readonly method: string;
  readonly reason?: string;
}

/** How scores of trials become an estimate: a rate of 0/1 scores, a mean, or the total of counted events. */
export type Aggregate = "proportion" | "mean" | "sum";

/** What is known of a metric without its code: enough to estimate stored scores and to print them. */
export interface MetricFacts {
  /** Stable dotted name, as written in gates.yaml. */
  readonly name: string;
  readonly layer: MetricLayer;
  readonly unit: MetricUnit;
  readonly direction: Direction;
  readonly aggregate: Aggregate;
  /** One sentence: what the number means. */
  readonly description: string;
  /** Worst and best grade of a rating; left out for all others, and where it is not known. */
  readonly scale?: GradeScale;
}

/** Ends of the scale that grades are given on. */
export interface GradeScale {
  readonly min: number;
  readonly max: number;
}

/** `rating` is a grade on a judge's own scale, which may reach below 0; `score` lies in [0, 1]. */
export type MetricUnit = "proportion" | "ms" | "usd" | "count" | "tokens" | "score" | "rating";
export type Direction = "higher" | "lower";
export type MetricLayer = "retrieval" | "generation" | "agent" | "operations" | "safety";
export type Verdict = "pass" | "fail" | "inconclusive" | "error";
