import type { Score } from "../../core/score.js";
import { quantileInterval } from "../../stats/quantile.js";
import type { RunMetric, TrialRow } from "../metric.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, meanLimits, noEstimate, sampleOf } from "../sample.js";
import { scored, unscored } from "../scores.js";

/** Trials below which a percentile that far out is not named at all. */
const FEWEST_TRIALS: Readonly<Record<number, number>> = { 99: 368 };

/** The measured time of a completed trial, or none. */
function measuredMs(row: TrialRow): number | null {
  return row.status === "completed" && row.untimed === null ? row.durationMs : null;
}

/** A trial that a cache or a recording without times answered says nothing of how long the agent takes. */
function timeOf(row: TrialRow): Score {
  return row.untimed === null ? scored(row.durationMs) : unscored(row.untimed);
}

/**
 * A percentile of the duration of completed trials whose time is known, with a distribution-free interval
 * between two order statistics. The upper limit of p95 needs 72 trials; p99 is `null` below 368. Trials are taken as
 * independent.
 */
export function latencyPercentile(percent: 50 | 90 | 95 | 99): RunMetric {
  return runMetric(
    {
      name: `latency.p${percent}_ms`,
      layer: "operations",
      unit: "ms",
      direction: "lower",
      description:
        percent === 50
          ? "Median duration of a completed trial in milliseconds."
          : `Duration in milliseconds that ${percent} % of completed trials stay below.`,
      needs: [
        percent === 99
          ? "at least 368 completed trials whose time is known"
          : "a completed trial whose time is known",
      ],
      source: "quantile type 7 (Hyndman and Fan 1996), interval from order statistics",
      range: "0 and up",
      rules: {
        empty: "No completed trial with a known time: no estimate.",
        refusal: null,
        unsupportedClaim: null,
      },
      agreesWith:
        "type 7 is the default of NumPy and R; nearest-rank percentiles of other tools differ by up to one observation",
      statistic: {
        kind: "quantile",
        q: percent / 100,
        valuesOf: (row) => {
          const ms = measuredMs(row);
          return ms === null ? [] : [ms];
        },
      },
    },
    (rows, level) => {
      const sample = sampleOf(rows, timeOf);
      const n = sample.values.length;
      const fewest = FEWEST_TRIALS[percent] ?? 1;
      if (n === 0) return noEstimate(sample, level);
      if (n < fewest) {
        return noEstimate(
          sample,
          level,
          `p${percent} needs at least ${fewest} completed trials, the run has ${n}`,
        );
      }
      const { estimate, lower, upper } = quantileInterval(sample.values, percent / 100, level);
      const clusters = new Set(sample.groups).size;
      const limits = { value: estimate, lower, upper, method: "order-statistics", clusters };
      const reason = `${n} trials are too few for ${upper === null ? "an upper" : "a lower"} limit`;
      return estimateOf(lower === null || upper === null ? { ...limits, reason } : limits, sample, level);
    },
  );
}

/** Mean duration of completed trials whose time is known. A tail can double while it hardly moves. */
export const meanLatency: RunMetric = runMetric(
  {
    name: "latency.mean_ms",
    layer: "operations",
    unit: "ms",
    direction: "lower",
    description: "Mean duration of a completed trial in milliseconds.",
    needs: ["a completed trial whose time is known"],
    source: "arithmetic mean; Student's t, clustered (CR1) by case group when a group has several trials",
    range: "0 and up",
    rules: {
      empty: "No completed trial with a known time: no estimate.",
      refusal: null,
      unsupportedClaim: null,
    },
    agreesWith: "the average latency that promptfoo shows, cached and broken trials aside",
    statistic: { kind: "mean", valueOf: measuredMs },
  },
  (rows, level) => {
    const sample = sampleOf(rows, timeOf);
    if (sample.values.length === 0) return noEstimate(sample, level);
    return estimateOf(meanLimits(sample.values, sample.groups, level), sample, level);
  },
);

/** The measured durations of a run, for percentiles of other kinds. */
export function durationsOf(rows: readonly TrialRow[]) {
  const sample = sampleOf(rows, timeOf);
  return { sample, values: sample.values };
}
