import type { RunHeader } from "../core/run.js";
import type { Estimate, MetricFacts } from "../core/score.js";

/** One metric over the stored runs of a suite, oldest first. */
export interface TrendReport extends Omit<MetricFacts, "name" | "aggregate"> {
  readonly suite: string;
  readonly metric: string;
  /** Confidence level of the intervals: that of the gates. */
  readonly level: number;
  readonly runs: readonly TrendRun[];
  /** The newest run with the tag, when it is one of the runs. */
  readonly baseline: { readonly tag: string; readonly runId: string } | null;
  /** The rule of gates.yaml for the metric. */
  readonly gate: TrendGate | null;
  /** The whole run first, then its slices, if asked for. */
  readonly series: readonly TrendSeries[];
}

export interface TrendRun
  extends Pick<RunHeader, "createdAt" | "status" | "agentName" | "agentVersion" | "datasetHash" | "tags"> {
  readonly runId: string;
  /** Whether the agent version differs from that of the run before. */
  readonly isNewAgent: boolean;
  readonly isNewDataset: boolean;
}

export interface TrendGate {
  readonly min: number | null;
  readonly max: number | null;
  readonly bound: "estimate" | "lower" | "upper";
}

export interface TrendSeries {
  /** `risk` or `tag`, and its value; `null` for the whole run. */
  readonly by: string | null;
  readonly slice: string | null;
  /** One for each run, in their order. */
  readonly points: readonly TrendPoint[];
}

/** The estimate of one run; `value: null` is a gap, never 0. */
export interface TrendPoint
  extends Pick<Estimate, "value" | "lower" | "upper" | "n" | "clusters" | "method" | "reason"> {
  readonly runId: string;
}
