import type { TrialRow } from "../metric.js";
import { runMetric } from "../run-metric.js";
import { boundedLimits, estimateOf, type RunEstimate, sampleOf, whyUnscored } from "../sample.js";
import { scored } from "../scores.js";

/** Share of all trials that infrastructure broke; clustered by case group where a group has several trials. */
export const errorRate = runMetric(
  {
    name: "error_rate",
    layer: "operations",
    unit: "proportion",
    direction: "lower",
    description:
      "Share of trials that could not run because infrastructure failed (provider, network, store).",
    needs: ["a trial"],
    source: "Wilson 1927; clustered t (CR1) when a case group has several trials",
    range: "0 to 1",
    rules: { empty: "A run without trials: no estimate.", refusal: null, unsupportedClaim: null },
    agreesWith: "Inspect AI counts sample errors alike; promptfoo adds errors to failures",
    statistic: { kind: "mean", valueOf: (row) => (row.status === "error" ? 1 : 0) },
  },
  (rows, level) => shareOfTrials(rows, (row) => row.status === "error", level),
);

/** Share of all trials, broken ones included, for which something holds. */
function shareOfTrials(
  rows: readonly TrialRow[],
  holds: (row: TrialRow) => boolean,
  level: number,
): RunEstimate {
  const sample = sampleOf(rows, (row) => scored(holds(row) ? 1 : 0), { withErrors: true });
  const limits = boundedLimits(sample.values, sample.groups, level, true);
  return estimateOf(
    limits.value === null ? { ...limits, reason: whyUnscored(sample.unscored) } : limits,
    sample,
    level,
  );
}

/** Codes of failures that are a time limit of a provider, a store or another tool. */
const TIMEOUT_CODE = /(^|_)(TIMEOUT|TIMED_OUT|DEADLINE)(_|$)/;

function timedOut({ status, stopReason, errorCode }: TrialRow): boolean {
  return status === "error" ? TIMEOUT_CODE.test(errorCode ?? "") : stopReason === "deadline";
}

/** Share of all trials that a time limit ended: the trial's own, or that of a call which then broke the trial. */
export const timeoutRate = runMetric(
  {
    name: "timeout_rate",
    layer: "operations",
    unit: "proportion",
    direction: "lower",
    description:
      "Share of trials that a time limit ended: the trial's deadline, or the timeout of a provider.",
    needs: ["a trial"],
    source: "Wilson 1927; clustered t (CR1) when a case group has several trials",
    range: "0 to 1",
    rules: {
      empty:
        "A run without trials: no estimate. A call that timed out and was retried with success does not count.",
      refusal: null,
      unsupportedClaim: null,
    },
    agreesWith: "no peer",
    statistic: { kind: "mean", valueOf: (row) => (timedOut(row) ? 1 : 0) },
  },
  (rows, level) => shareOfTrials(rows, timedOut, level),
);
