import type { RunHeader } from "../core/run.js";
import type { Estimate, MetricLayer } from "../core/score.js";

/** What two or more runs say about each other. The first run is the baseline. */
export interface Comparison {
  readonly baseline: ComparedRun;
  /** One entry for each candidate, in the order given. */
  readonly candidates: readonly CandidateComparison[];
  /** Confidence level of every interval, and 1 minus the error rate of every verdict. */
  readonly level: number;
}

/** A run as a comparison names it. */
export interface ComparedRun {
  readonly run: Omit<RunHeader, "plan">;
  readonly planned: number;
  /** Trials that infrastructure broke; for task.success they count as failures. */
  readonly crashed: number;
  /** Planned trials that are not stored. */
  readonly missing: number;
}

/** How one candidate stands against the baseline. */
export interface CandidateComparison {
  readonly candidate: ComparedRun;
  readonly design: Design;
  /** The whole in one or two sentences, the most important first. */
  readonly summary: string;
  /** Why the comparison may not be clean, the gravest first. */
  readonly warnings: readonly ComparisonWarning[];
  /** In report order; the first one is the primary metric. */
  readonly metrics: readonly MetricComparison[];
  /** Whole distributions of what a trial took: a tail can double while the median stands. */
  readonly distributions: readonly DistributionComparison[];
  /** The primary metric on each slice. */
  readonly slices: readonly SliceComparison[];
  /** Slicings in which the pooled difference and the one within slices point in opposite directions. */
  readonly reversals: readonly SimpsonReversal[];
  readonly changes: CaseChanges;
  readonly detectable: DetectableEffect | null;
}

/** How the trials of the two runs belong together. */
export interface Design {
  /** `paired`: the same cases, joined by id. */
  readonly kind: "paired" | "unpaired";
  /** Cases that both runs have (paired), or that either has (unpaired). */
  readonly cases: number;
  readonly baselineOnlyCases: number;
  readonly candidateOnlyCases: number;
  /** Independent clusters: groups of cases. */
  readonly clusters: number;
  /** Whether some case has several trials: then means by case are compared. */
  readonly hasRepeatedTrials: boolean;
}

export interface ComparisonWarning {
  /** Stable, e.g. `dataset-differs`. */
  readonly code: string;
  readonly message: string;
}

/** `no-difference-shown` is no proof of equality: the interval says what is still possible. */
export type ChangeVerdict = "better" | "worse" | "no-difference-shown" | "unknown";

/** One metric in both runs. */
export interface MetricComparison {
  readonly metric: string;
  readonly layer: MetricLayer;
  readonly unit: Estimate["unit"];
  readonly direction: Estimate["direction"];
  readonly description: string;
  /** Whether the comparison was planned for this metric: its p is then not adjusted for the others. */
  readonly isPrimary: boolean;
  /** Over the cases compared. */
  readonly baseline: Estimate;
  readonly candidate: Estimate;
  readonly difference: Difference;
  /** The test that decides, or `null` where the interval alone does. */
  readonly test: TestResult | null;
  /** Other tests that fit the data, for readers who expect them; they decide nothing. */
  readonly otherTests: readonly TestResult[];
  /** Holm-adjusted over the metrics that are not primary; `null` for the primary one, and without p. */
  readonly adjustedP: number | null;
  readonly verdict: ChangeVerdict;
  /** e.g. `worse, p = .012, 95 % −9.1 to −1.2 points, 14 cases lost, 3 won`. */
  readonly sentence: string;
  /** 0/1 outcomes of paired cases; `null` otherwise. */
  readonly pairs: PairCounts | null;
}

/** Candidate minus baseline, in the unit of the metric. */
export interface Difference {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Of the interval, e.g. `tango`, `newcombe`, `clustered-t`, `bootstrap`. */
  readonly method: string;
  /** Candidate over baseline, minus 1; `null` when the baseline is 0 or unknown. */
  readonly relative: number | null;
  /** Pairs of cases (paired) or smaller number of cases (unpaired) that it rests on. */
  readonly n: number;
  readonly clusters: number;
  /** Why there is no value or no interval. */
  readonly reason?: string;
}

/** A test of no difference, two-sided. */
export interface TestResult {
  /** The field's name, e.g. `McNemar mid-p`. */
  readonly name: string;
  /** Named statistics, e.g. `{ "U": 297, "auc": 0.81 }`. */
  readonly statistics: Readonly<Record<string, number | null>>;
  readonly p: number | null;
  /** Of a randomised test. */
  readonly seed?: number;
}

/** Cases by outcome in baseline and candidate. */
export interface PairCounts {
  readonly bothPassed: number;
  readonly lost: number;
  readonly won: number;
  readonly bothFailed: number;
}

/** All single measurements of one kind in both runs. */
export interface DistributionComparison {
  /** `duration_ms`, `turn_ms`, `first_token_ms`, `cost_usd`, `tokens`. */
  readonly name: string;
  readonly label: string;
  readonly unit: Estimate["unit"];
  readonly baseline: Distribution;
  readonly candidate: Distribution;
  /** Rank test on all measurements. */
  readonly test: TestResult;
  readonly otherTests: readonly TestResult[];
  /** Holm-adjusted over the distributions. */
  readonly adjustedP: number | null;
  /** `better` is lower for all of them. */
  readonly verdict: ChangeVerdict;
  readonly sentence: string;
}

export interface Distribution {
  readonly n: number;
  readonly mean: number | null;
  readonly quantiles: readonly Quantile[];
  /** Ascending, thinned to at most 200: for plots. */
  readonly points: readonly number[];
  /** Measurements that are missing, e.g. costs without a known price. */
  readonly unknown: number;
}

export interface Quantile {
  /** 0.5, 0.9, 0.95 or 0.99. */
  readonly q: number;
  /** Type 7, as NumPy and R give it. */
  readonly value: number | null;
  /** The smallest measurement that at least this share does not exceed. */
  readonly nearestRank: number | null;
  /** Between order statistics; `null` when n is too small for a limit. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The primary metric on the cases of one slice. */
export interface SliceComparison {
  /** `tag`, `risk`, `split` or `group`. */
  readonly by: string;
  readonly slice: string;
  readonly baseline: number | null;
  readonly candidate: number | null;
  readonly difference: Difference;
  readonly test: TestResult | null;
  /** Holm-adjusted over all slices. */
  readonly adjustedP: number | null;
  readonly verdict: ChangeVerdict;
}

export interface SimpsonReversal {
  readonly by: string;
  /** Difference of the pooled rates, and the one within slices (Mantel–Haenszel), in proportions. */
  readonly pooled: number;
  readonly withinSlices: number;
  readonly message: string;
}

/** Cases whose outcome on the primary metric changed, and how many did not. */
export interface CaseChanges {
  readonly metric: string;
  /** Worst first. */
  readonly lost: readonly ChangedCase[];
  readonly won: readonly ChangedCase[];
}

export interface ChangedCase {
  readonly caseId: string;
  /** Mean score of its trials. */
  readonly baseline: number;
  readonly candidate: number;
}

/** What a comparison of this size can see: two-sided at 1 - level, power 80 %. */
export interface DetectableEffect {
  /** Least drop of the primary metric that would be seen, as a proportion; `null` when none would. */
  readonly drop: number | null;
  /** Share of cases whose outcome differs between two runs, as assumed. */
  readonly discordantRate: number;
  /** e.g. `with 60 cases you can see a drop of 11 points`. */
  readonly sentence: string;
}
