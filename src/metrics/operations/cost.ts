import type { Trace } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { bootstrapRatio } from "../../stats/bootstrap.js";
import { costPerSuccess } from "../../stats/cost-per-success.js";
import { TASK_SUCCESS } from "../agent/task-success.js";
import { runMetric } from "../run-metric.js";
import { estimateOf, type Limits, noEstimate, sampleOf } from "../sample.js";
import { scored, unscored } from "../scores.js";

/** Successes from which the normal interval of the ratio is good enough. */
const ENOUGH_SUCCESSES = 20;
/** Fixed and printed with the method, so that the same run always gives the same limits. */
const BOOTSTRAP_SEED = 20_261_121;

/**
 * What the agent's model calls of a trial cost in US dollars; `null` when a call that ended has no known price:
 * missing, not free. A call that the response cache answered counts at its price, so that a run from the cache
 * does not look cheaper than the agent is. A simulated user's calls do not count, nor calls that never ended. Without any model call
 * the cost is 0 only if a guardrail stopped the trial before the first, else unknown.
 */
export function trialCostUsd(trial: Pick<Trial, "stopReason">, trace: Trace): number | null {
  let cost = 0;
  let calls = 0;
  for (const call of trace.modelCalls) {
    if (call.speaker !== "agent" || call.durationMs === null) continue;
    if (call.costUsd === null) return null;
    cost += call.costUsd;
    calls++;
  }
  return calls > 0 || trial.stopReason === "guardrail" ? cost : null;
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
    return estimateOf(ratioLimits(costs, sample.values, sample.groups, successes, level), sample, level);
  },
);

function ratioLimits(
  costs: readonly number[],
  values: readonly number[],
  groups: readonly string[],
  successes: number,
  level: number,
): Limits {
  if (successes < ENOUGH_SUCCESSES) {
    const result = bootstrapRatio(costs, values, groups, { seed: BOOTSTRAP_SEED, level });
    const method = `${result.method}(seed=${result.seed},resamples=${result.resamples})`;
    const limits = {
      value: result.estimate,
      lower: result.lower,
      upper: result.upper,
      clusters: result.clusters,
      method,
    };
    if (result.clusters < 2) return { ...limits, reason: "one cluster gives no interval" };
    return result.fewClusters
      ? { ...limits, reason: "fewer than 10 clusters: the interval may be too narrow" }
      : limits;
  }
  const sums = new Map<string, { cost: number; successes: number }>();
  groups.forEach((group, index) => {
    const sum = sums.get(group) ?? { cost: 0, successes: 0 };
    sum.cost += costs[index]!;
    sum.successes += values[index]!;
    sums.set(group, sum);
  });
  const clusters = [...sums.values()];
  const { ratio, lower, upper } = costPerSuccess(
    clusters.map((cluster) => cluster.cost),
    clusters.map((cluster) => cluster.successes),
    level,
  );
  return {
    value: ratio,
    lower,
    upper,
    clusters: clusters.length,
    method: "ratio-linearised",
    ...(lower === null ? { reason: "one cluster gives no interval" } : {}),
  };
}
