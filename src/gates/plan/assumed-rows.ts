import type { Metric, TrialRow } from "../../metrics/metric.js";
import { normalQuantile } from "../../stats/normal.js";
import { plantKindOf } from "./plant.js";

/** Trials from which runs are drawn when none is stored: enough that a rate is met to a tenth of a point. */
const TRIALS = 1000;
const MEDIAN_MS = 1000;
const MEDIAN_USD = 0.01;
const MEDIAN_COUNT = 1000;
/** Spread of the logarithm of times, costs and counts: the 95th percentile is 2.7 times the median. */
const LOG_SPREAD = 0.6;
/** No common divisor with the number of trials: walking in such steps visits each once. */
const STRIDE = 387;

/**
 * One trial for each of many made-up cases. Metrics of trials are 0 or 1, the widest spread that a share can have, at the
 * assumed rate of good ones; events such as violations do not happen; times, costs and counts are lognormal, and
 * unrelated to success.
 *
 * @param rate - share of good trials, in [0, 1]
 */
export function assumedRows(metrics: readonly Metric[], rate: number): TrialRow[] {
  const good = Math.round(rate * TRIALS);
  return Array.from({ length: TRIALS }, (_, index): TrialRow => {
    const rank = (index * STRIDE) % TRIALS;
    const factor = Math.exp(LOG_SPREAD * normalQuantile((rank + 0.5) / TRIALS));
    const scores = metrics.flatMap((metric) => {
      if (metric.level === "run") return [];
      return [[metric.name, { value: assumedScore(metric, index < good, factor) }] as const];
    });
    const name = `assumed-${index}`;
    return {
      caseId: name,
      group: name,
      trial: 0,
      status: "completed",
      errorCode: null,
      durationMs: MEDIAN_MS * factor,
      untimed: null,
      costUsd: MEDIAN_USD * factor,
      scores: Object.fromEntries(scores),
    };
  });
}

function assumedScore(metric: Metric, isGood: boolean, factor: number): number {
  if (plantKindOf(metric) === "load") return MEDIAN_COUNT * factor;
  if (metric.unit === "count") return 0;
  return isGood === (metric.direction === "higher") ? 1 : 0;
}
