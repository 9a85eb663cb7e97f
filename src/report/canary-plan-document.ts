/** What one rule can tell by the end of a step, from all steps so far. */
export interface PlannedRuleSight {
  readonly measure: string;
  /** Least harm that is proven, and rolled back, with power 80 %, in the unit of the measure; `null`: none is. */
  readonly detectable: number | null;
  /** Whether a canary that is as good is shown to be, with power 80 %, by the usual and by the longest bake. */
  readonly resolvesByEnd: boolean;
  readonly resolvesByLongest: boolean;
}

export interface PlannedStepSight {
  /** From 1. */
  readonly step: number;
  readonly percent: number;
  /** Expected in the step, both rounded. */
  readonly canaryConversations: number;
  readonly stableConversations: number;
  readonly bakeMs: number;
  readonly maxBakeMs: number;
  readonly minConversations: number;
  /** How long the step really lasts at this traffic: the bake, or as long as the conversations take; `null`: it pauses first. */
  readonly lastsMs: number | null;
  readonly waitsFor: "bake" | "conversations";
  readonly needsApproval: boolean;
  /** Rate that no event in all canary conversations so far rules out at 5 %; `null` without any conversation. */
  readonly zeroEventsBound: number | null;
  readonly rules: readonly PlannedRuleSight[];
}

export interface PlannedRule {
  readonly measure: string;
  readonly threshold: string;
  readonly mode: "enforce" | "observe";
  readonly unit: "proportion" | "ms" | "usd" | "count" | "score";
  /** In the unit of the measure; `null`: relative to a value that is not known. */
  readonly margin: number | null;
  /** Of stable; `null`: not known. */
  readonly rate: number | null;
  /** Conversations of the canary that rule the margin out at the share of the last step with both arms; `null`: not planned. */
  readonly neededConversations: number | null;
  /** How long that takes there. */
  readonly neededMs: number | null;
  /** Least margin that this plan rules out by its usual and longest bake; `null`: not planned. */
  readonly resolvableMargin: number | null;
  readonly resolvableMarginByLongest: number | null;
  /** Why there are no figures; `null` where there are. */
  readonly note: string | null;
}

/** What a rollout by a policy can tell, and what it costs, before it starts. */
export interface CanaryPlanReport {
  readonly service: string;
  readonly unit: "conversation" | "user" | "tenant";
  readonly perHour: number;
  readonly trafficSource: string;
  readonly stableRate: number;
  readonly stableRateSource: string;
  readonly alpha: number;
  /** Of each rule: alpha over all rules that are enforced, and one more for bursts of errors. */
  readonly alphaOfRule: number;
  readonly power: number;
  readonly steps: readonly PlannedStepSight[];
  readonly rules: readonly PlannedRule[];
  /** All steps and the watch, at this traffic; `null`: it pauses on the way. */
  readonly lastsMs: number | null;
  /** Until the last step begins, at the longest. */
  readonly longestMs: number;
  /** Conversations that meet the canary before it is promoted. */
  readonly exposedConversations: number;
  /** Of model calls on the canary, which stable would have cost too; `null`: no price is known. */
  readonly canaryCostUsd: number | null;
  /** Capacity of the canary at its last step, as a share of today's, which is needed beside all of today's. */
  readonly extraCapacity: number;
  readonly refusals: readonly string[];
  readonly notes: readonly string[];
}
