import type { CanaryThreshold } from "./canary-threshold.js";

/** What a measure of live traffic is, as far as a threshold must fit it. */
export interface CanaryMeasure {
  readonly unit: "proportion" | "ms" | "usd" | "count" | "score";
  /** Which way a version is worse; `null`: both ways may be meant, as of a metric that nobody knows. */
  readonly harm: CanaryThreshold["change"] | null;
  /** One phrase: what the number means. */
  readonly description: string;
}

const rate = (harm: CanaryThreshold["change"], description: string): CanaryMeasure => ({
  unit: "proportion",
  harm,
  description,
});
const time = (description: string): CanaryMeasure => ({ unit: "ms", harm: "rise", description });

const MEASURES = {
  resolution_rate: rate("drop", "conversations that were resolved by the time their outcome counts"),
  handoff_rate: rate("rise", "conversations that were handed to a person"),
  error_rate: rate("rise", "conversations with at least one failed request"),
  request_error_rate: rate("rise", "requests that failed, clustered by conversation"),
  thumbs_down_rate: rate("rise", "rated conversations with a thumb down"),
  truncation_rate: rate("rise", "conversations with an answer cut at its length limit"),
  safety_violations: {
    unit: "count",
    harm: "rise",
    description: "safety violations in a conversation",
  },
  p50_latency: time("half of the answers take no longer; each conversation weighs the same"),
  p90_latency: time("90 % of the answers take no longer; each conversation weighs the same"),
  p95_latency: time("95 % of the answers take no longer; each conversation weighs the same"),
  p99_latency: time("99 % of the answers take no longer; each conversation weighs the same"),
  p50_first_token: time("half of the first tokens take no longer; each conversation weighs the same"),
  p95_first_token: time("95 % of the first tokens take no longer; each conversation weighs the same"),
  cost_per_conversation: { unit: "usd", harm: "rise", description: "cost of all requests of a conversation" },
} as const satisfies Record<string, CanaryMeasure>;

/** A measure with a name of its own; `score.<metric>` is the other kind. */
export type CanaryMeasureName = keyof typeof MEASURES;

export const canaryMeasureNames = Object.keys(MEASURES) as readonly CanaryMeasureName[];

const SCORE: CanaryMeasure = {
  unit: "score",
  harm: null,
  description: "mean score of the conversations that were scored",
};

/**
 * What a rule of `rollback_triggers` may name: a measure above, or `score.<metric>`.
 *
 * @returns `undefined` for every other name
 */
export function canaryMeasure(name: string): CanaryMeasure | undefined {
  if (/^score\.[a-z][\w.]*$/.test(name)) return SCORE;
  return Object.hasOwn(MEASURES, name) ? MEASURES[name as CanaryMeasureName] : undefined;
}
