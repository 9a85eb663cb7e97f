import { nearestRank } from "../../stats/nearest-rank.js";
import type { RunMetric, TrialRow } from "../metric.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, noEstimate, type Sample } from "../sample.js";
import { durationsOf } from "./latency.js";
import { turnsOf } from "./sample-percentile.js";

const KINDS = {
  trial: { prefix: "latency.p", what: "completed trials", gather: durationsOf },
  turn: { prefix: "latency.turn_p", what: "the agent's single turns", gather: turnsOf },
} as const;

/**
 * A nearest-rank percentile: the least duration that at least so many percent of the values do not exceed, as tools
 * with classic percentiles print it. It describes the values seen, so it has no interval and is given for any number
 * of them; gates should use the percentiles with intervals.
 */
export function nearestRankLatency(kind: keyof typeof KINDS, percent: 50 | 95 | 99): RunMetric {
  const { prefix, what, gather } = KINDS[kind];
  return runMetric(
    {
      name: `${prefix}${percent}_nearest_rank_ms`,
      layer: "operations",
      unit: "ms",
      direction: "lower",
      description: `Least duration in milliseconds that at least ${percent} % of ${what} do not exceed: a value that was seen.`,
      needs: [kind === "trial" ? "a completed trial whose time is known" : "a turn whose time is known"],
      source: "nearest rank: quantile type 1 (Hyndman and Fan 1996)",
      range: "0 and up",
      rules: { empty: "No known time: no estimate.", refusal: null, unsupportedClaim: null },
      agreesWith:
        "NumPy `inverted_cdf` and tools with classic percentiles; not the interpolating NumPy default",
    },
    (rows: readonly TrialRow[], level) => {
      const { sample, values }: { sample: Sample; values: readonly number[] } = gather(rows);
      if (values.length === 0) return noEstimate(sample, level);
      const clusters = new Set(sample.groups).size;
      const reason = `describes these ${values.length} values alone: no interval`;
      const value = nearestRank(values, percent / 100);
      return estimateOf(
        { value, lower: null, upper: null, method: "nearest-rank", clusters, reason },
        sample,
        level,
      );
    },
  );
}
