import type { Trace } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { TASK_SUCCESS } from "../agent/task-success.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, meanLimits, noEstimate, sampleOf } from "../sample.js";
import { scored, unscored } from "../scores.js";
import { ratioLimits } from "./ratio-limits.js";

/**
 * What the agent's model calls of a trial cost in US dollars; `null` when a call that ended has no known price:
 * missing, not free. A call that the response cache answered counts at its price, so that a run from the cache
 * does not look cheaper than the agent is. A simulated user's calls do not count, nor calls that never ended. Without any
 * model call the cost is 0 only if a guardrail stopped the trial or what the user said before the first, else unknown.
 */
export function trialCostUsd(trial: Pick<Trial, "stopReason">, trace: Trace): number | null {
  let cost = 0;
  let calls = 0;
  for (const call of trace.modelCalls) {
    if (call.speaker === "user" || call.durationMs === null) continue;
    if (call.costUsd === null) return null;
    cost += call.costUsd;
    calls++;
  }
  const isBlocked =
    trial.stopReason === "guardrail" ||
    trace.guardrails.some(({ rule, action }) => rule.startsWith("input.") && action === "block");
  return calls > 0 || isBlocked ? cost : null;
}

/** Total of the run: a sum that was measured, so it has no interval. Includes trials that later broke. */
export const totalCost = runMetric(
  {
    name: "cost.total_usd",
    layer: "operations",
    unit: "usd",
    direction: "lower",
    description:
      "What the agent's model calls of the whole run cost in US dollars, broken trials and cached replies included.",
    needs: ["a known price of every model call of the completed trials"],
    source: "sum of call costs",
    range: "0 and up",
    rules: {
      empty: "A completed trial whose price is unknown: no estimate, as missing is not free.",
      refusal: null,
      unsupportedClaim: null,
    },
    agreesWith: "no peer",
    statistic: { kind: "sum", valueOf: ({ costUsd }) => costUsd },
  },
  (rows, level) => {
    const sample = sampleOf(
      rows,
      ({ costUsd }) => (costUsd === null ? unscored("cost unknown") : scored(costUsd)),
      { withErrors: true },
    );
    const unknown = rows.filter((row) => row.status === "completed" && row.costUsd === null).length;
    if (sample.values.length === 0) return noEstimate(sample, level);
    if (unknown > 0) {
      return noEstimate(sample, level, `the cost of ${unknown} completed trials is unknown, so is the total`);
    }
    const value = sample.values.reduce((sum, cost) => sum + cost, 0);
    const clusters = new Set(sample.groups).size;
    return estimateOf({ value, lower: null, upper: null, method: "sum", clusters }, sample, level);
  },
);

/**
 * Cost of the scored trials over their successes. The interval is over clusters: the linearised ratio with a
 * normal quantile, or, below 20 successes, a BCa bootstrap with a fixed seed that `method` names.
 */
export const costPerSuccessUsd = runMetric(
  {
    name: "cost.per_success_usd",
    layer: "operations",
    unit: "usd",
    direction: "lower",
    description:
      "US dollars spent for each successful trial: cost of all scored trials over their successes.",
    needs: ["task.success of a trial", "a known cost of every scored trial", "a success"],
    source: "ratio estimator (Cochran 1977, chapter 6); BCa (Efron 1987) below 20 successes",
    range: "0 and up",
    rules: { empty: "No success, or an unknown price: no estimate.", refusal: null, unsupportedClaim: null },
    agreesWith: "no peer",
    statistic: {
      kind: "ratio",
      partsOf: ({ costUsd, scores }) => {
        const success = scores[TASK_SUCCESS]?.value ?? null;
        return costUsd === null || success === null ? null : { numerator: costUsd, denominator: success };
      },
    },
  },
  (rows, level) => {
    const sample = sampleOf(
      rows,
      (row) => row.scores[TASK_SUCCESS] ?? unscored("task.success was not computed"),
    );
    if (sample.values.length === 0) return noEstimate(sample, level);
    const unknown = sample.rows.filter((row) => row.costUsd === null).length;
    if (unknown > 0) return noEstimate(sample, level, `the cost of ${unknown} scored trials is unknown`);
    const successes = sample.values.reduce((sum, value) => sum + value, 0);
    if (successes === 0) return noEstimate(sample, level, "no trial succeeded");
    const costs = sample.rows.map((row) => row.costUsd ?? 0);
    return estimateOf(ratioLimits(costs, sample.values, sample.groups, level), sample, level);
  },
);

/** Mean cost of a completed trial whose price is known. */
export const costPerTrial = runMetric(
  {
    name: "cost.per_trial_usd",
    layer: "operations",
    unit: "usd",
    direction: "lower",
    description: "US dollars that the agent's model calls of a completed trial cost; mean over trials.",
    needs: ["a known price of every model call of a completed trial"],
    source: "arithmetic mean; Student's t, clustered (CR1) by case group when a group has several trials",
    range: "0 and up",
    rules: {
      empty: "A trial with an unknown price: left out and counted, as missing is not free.",
      refusal: null,
      unsupportedClaim: null,
    },
    agreesWith: "tau2-bench's average agent cost where every price is known",
    statistic: { kind: "mean", valueOf: ({ status, costUsd }) => (status === "completed" ? costUsd : null) },
  },
  (rows, level) => {
    const sample = sampleOf(rows, ({ costUsd }) =>
      costUsd === null ? unscored("cost unknown") : scored(costUsd),
    );
    if (sample.values.length === 0) return noEstimate(sample, level);
    return estimateOf(meanLimits(sample.values, sample.groups, level), sample, level);
  },
);

/** What playing the user cost: no part of what the agent costs, but of what the evaluation does. */
export const userCost: CaseMetric = caseMetric({
  name: "cost.user_usd",
  layer: "operations",
  unit: "usd",
  direction: "lower",
  description: "US dollars that the calls of the model that plays the user cost; total over the run.",
  needs: ["a model that plays the user, and a known price of each of its calls"],
  source: "sum of call costs",
  range: "0 and up",
  rules: {
    empty: "No call of a simulated user, or one without a known price: no score.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "the sum of tau2-bench's user cost where every price is known",
  aggregate: "sum",
  score: ({ trace }) => {
    const calls = trace.modelCalls.filter(
      ({ speaker, durationMs }) => speaker === "user" && durationMs !== null,
    );
    if (calls.length === 0) return unscored("no model plays the user");
    if (calls.some(({ costUsd }) => costUsd === null)) return unscored("cost unknown");
    return scored(calls.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0));
  },
});
