import type { Estimate } from "../../core/score.js";
import type { GateKind } from "../gate-kind.js";

/** What a policy will do, before anything runs. */
export interface GatePlan {
  readonly suite: string;
  readonly dataset: {
    readonly path: string;
    readonly hash: string;
    readonly cases: number;
    /** Independent groups of cases. */
    readonly groups: number;
  };
  readonly trialsPerCase: number;
  readonly gatesHash: string;
  readonly seed: number;
  /** Simulated pairs of runs of each scenario. */
  readonly draws: number;
  /** The same of rules that compare by resampling, and of the whole policy where it has such a rule. */
  readonly resampledDraws: number;
  /** Resamples of each comparison that they draw. */
  readonly resamples: number;
  /** One sentence for each thing that the figures rest on. */
  readonly assumptions: readonly string[];
  readonly gates: readonly PlannedGate[];
  /** All rules together, as they decide on one run: pass, fail, or inconclusive. */
  readonly policy: readonly PlannedScenario[];
}

/**
 * - `exact`: a sum over all outcomes.
 * - `simulation`: drawn runs, judged by the judge that judges real ones.
 * - `none`: outcomes of trials do not move it, or too little is known to draw them; `note` says which.
 */
type PlanMethod = "exact" | "simulation" | "none";

/** One rule. */
export interface PlannedGate {
  readonly name: string;
  readonly kind: GateKind;
  readonly metric: string | null;
  readonly unit: Estimate["unit"] | null;
  /** A `minor` gate never blocks: its figures say how often it warns. */
  readonly severity: "critical" | "major" | "minor";
  readonly onInconclusive: "fail" | "inconclusive";
  readonly method: PlanMethod;
  readonly note: string | null;
  /** What its figures rest on beside the assumptions of the plan. */
  readonly rests: GateAssumption | null;
  /** The candidate against the baseline: as good, then by drop or by ratio. */
  readonly scenarios: readonly PlannedScenario[];
  /** Of an absolute threshold: where the truth lies at the threshold, and on either side of it. */
  readonly truths: readonly PlannedTruth[];
  /** Least drop (or ratio) of the scenarios, interpolated, that is blocked with 80 %; `null`: none of them. */
  readonly seenWith80: number | null;
  /** What it would take, a sentence each. */
  readonly needs: readonly string[];
}

/** Where the candidate of a gate starts from. */
export interface GateAssumption {
  /** Cases that the metric is scored on. */
  readonly cases: number;
  /** Mean of the metric over cases in the run that is drawn from; `null` for quantiles, totals and ratios. */
  readonly rate: number | null;
  /** Share of cases whose outcome differs between two runs of equally good agents; `null` unless outcomes are 0 or 1. */
  readonly discordant: number | null;
}

/** What is true of the candidate. */
export type Planted =
  /** As good as the baseline. */
  | { readonly kind: "same" }
  /** Worse by `size` in the unit of a rate: 0.02 for 2 points. */
  | { readonly kind: "drop"; readonly size: number }
  /** The tail of times is longer, and costs, tokens and counts are larger, by this factor. */
  | { readonly kind: "ratio"; readonly size: number };

/** Chances of the verdicts; they sum to 1. */
export interface VerdictChances {
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  /** Monte Carlo standard error of `pass`; `null` of exact figures. */
  readonly standardError: number | null;
}

export interface PlannedScenario extends VerdictChances {
  readonly planted: Planted;
}

export interface PlannedTruth extends VerdictChances {
  /** In the unit of the metric. */
  readonly truth: number;
  /** Distance from the threshold, below 0 where the truth misses it. */
  readonly clearance: number;
}
