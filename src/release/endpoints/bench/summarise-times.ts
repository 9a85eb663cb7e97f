import type { TimesReport } from "../../../report/schemas/endpoint-bench.js";
import { quantile, quantileInterval } from "../../../stats/quantile.js";

const QUANTILES = [0.5, 0.9, 0.95, 0.99] as const;

/**
 * Mean, largest value and quantiles of independent times. A quantile without an interval from order statistics on both
 * sides is not claimed: p99 takes 368 values.
 */
export function summariseTimes(values: readonly number[]): TimesReport {
  const quantiles = QUANTILES.map((q) => {
    const { estimate, lower, upper } = quantileInterval(values, q);
    const isClaimed = lower !== null && upper !== null;
    return { q, value: isClaimed ? estimate : null, lower, upper };
  });
  return { n: values.length, ...meanAndMost(values), quantiles };
}

/**
 * The same for the gaps of requests, which depend on each other within one: as many requests are wanted as a claim on
 * independent values takes, and no interval is given.
 */
export function summariseGaps(gapsOfRequests: readonly (readonly number[])[]): TimesReport {
  const gaps = gapsOfRequests.flat();
  const requests = gapsOfRequests.filter((own) => own.length > 0).map((own) => own.length);
  const quantiles = QUANTILES.map((q) => {
    const { lower, upper } = quantileInterval(requests, q);
    const isClaimed = lower !== null && upper !== null;
    return { q, value: isClaimed ? quantile(gaps, q) : null, lower: null, upper: null };
  });
  return { n: gaps.length, ...meanAndMost(gaps), quantiles };
}

function meanAndMost(values: readonly number[]) {
  if (values.length === 0) return { meanMs: null, maxMs: null };
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    meanMs: sum / values.length,
    maxMs: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  };
}
