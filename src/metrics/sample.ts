import type { Estimate, Score } from "../core/score.js";
import { clusteredMean } from "../stats/clustered-se.js";
import { meanInterval } from "../stats/mean-interval.js";
import { wilson } from "../stats/wilson.js";
import type { TrialRow } from "./metric.js";
import { sameValueLimits, showsNoVariance } from "./same-values.js";
import { infrastructureError } from "./scores.js";

/** What a metric computes of a run; the registry row adds name, unit and direction. */
export type RunEstimate = Omit<Estimate, "metric" | "unit" | "direction">;

/** The part of an estimate that depends on the method. */
export type Limits = Pick<Estimate, "value" | "lower" | "upper" | "method" | "reason" | "clusters">;

/** The scored trials of a run, and how many have no score for which reason. */
export interface Sample {
  readonly rows: readonly TrialRow[];
  readonly values: readonly number[];
  readonly groups: readonly string[];
  readonly unscored: Readonly<Record<string, number>>;
}

/**
 * Splits rows into scored and unscored by what `pick` gives; trials broken by infrastructure are unscored.
 *
 * @param options.withErrors - also ask `pick` about trials that infrastructure broke
 */
export function sampleOf(
  rows: readonly TrialRow[],
  pick: (row: TrialRow) => Score,
  options: { readonly withErrors?: boolean } = {},
): Sample {
  const kept: TrialRow[] = [];
  const values: number[] = [];
  const unscored: Record<string, number> = {};
  for (const row of rows) {
    const score =
      row.status === "error" && options.withErrors !== true
        ? { value: null, reason: infrastructureError(row.errorCode) }
        : pick(row);
    if (score.value === null) {
      unscored[score.reason] = (unscored[score.reason] ?? 0) + 1;
      continue;
    }
    kept.push(row);
    values.push(score.value);
  }
  return { rows: kept, values, groups: kept.map((row) => row.group), unscored };
}

/** Says why nothing was scored: the commonest reason, with its count. */
export function whyUnscored(unscored: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(unscored).sort((a, b) => b[1] - a[1]);
  const first = reasons[0];
  if (first === undefined) return "the run has no trials";
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  return `no trial was scored: ${first[0]} (${first[1]} of ${total})`;
}

/**
 * Mean and interval of values that lie in [0, 1] (rates, shares). Limits are cut to [0, 1].
 *
 * - `wilson`: values 0 or 1, each its own cluster.
 * - `clustered-t` (CR1) when a cluster holds several values, else `t`.
 * - `wilson-clusters`: all clusters are alike, so that no variance shows, and an interval of width 0 would claim
 *   certainty. Of all 0 or all 1 it is the Wilson interval of as many trials as there are clusters.
 *
 * @param binary - whether the values are single outcomes rather than means or shares
 */
export function boundedLimits(
  values: readonly number[],
  groups: readonly string[],
  level: number,
  binary: boolean,
): Limits {
  const clusters = new Set(groups).size;
  const single = clusters === values.length;
  if (binary && single && values.every((value) => value === 0 || value === 1)) {
    const successes = values.reduce<number>((sum, value) => sum + value, 0);
    const { estimate, lower, upper } = wilson(successes, values.length, level);
    return { value: estimate, lower, upper, method: "wilson", clusters };
  }
  const limits = meanLimits(values, groups, level);
  const cut = (limit: number | null) => (limit === null ? null : Math.min(1, Math.max(0, limit)));
  const value = cut(limits.value);
  return value !== null && showsNoVariance(limits)
    ? sameValueLimits(limits, value, { min: 0, max: 1 }, level)
    : { ...limits, value, lower: cut(limits.lower), upper: cut(limits.upper) };
}

/** Mean with Student's t interval, or the cluster-robust one when a cluster holds several values. */
export function meanLimits(values: readonly number[], groups: readonly string[], level: number): Limits {
  const clusters = new Set(groups).size;
  const single = clusters === values.length;
  const { mean, lower, upper } = single
    ? meanInterval(values, level)
    : clusteredMean(values, groups, { level });
  const limits = { value: mean, lower, upper, method: single ? "t" : "clustered-t", clusters };
  return mean !== null && clusters < 2 ? { ...limits, reason: "one cluster gives no interval" } : limits;
}

/**
 * Limits with what the sample says about itself. A symmetric interval of a few large values can reach below 0, where
 * no unit has values: such a lower limit is 0.
 */
export function estimateOf(limits: Limits, sample: Sample, level: number): RunEstimate {
  const lower = limits.lower === null ? null : Math.max(0, limits.lower);
  return { ...limits, lower, level, n: sample.values.length, unscored: sample.unscored };
}

/** An estimate without value. */
export function noEstimate(sample: Sample, level: number, reason?: string): RunEstimate {
  const limits: Limits = {
    value: null,
    lower: null,
    upper: null,
    method: "none",
    clusters: new Set(sample.groups).size,
    reason: reason ?? whyUnscored(sample.unscored),
  };
  return estimateOf(limits, sample, level);
}
