import { bootstrapRatio } from "../../stats/bootstrap.js";
import { costPerSuccess } from "../../stats/cost-per-success.js";
import type { Limits } from "../sample.js";

/** Sum of denominators from which the normal interval of the ratio is good enough. */
const ENOUGH = 20;
/** Fixed and printed with the method, so that the same run always gives the same limits. */
const BOOTSTRAP_SEED = 20_261_121;

/**
 * Sum over sum with its interval over clusters: the linearised ratio with a normal quantile or, when the denominators
 * sum to less than 20, a BCa bootstrap with a fixed seed that `method` names.
 *
 * @param denominators - non-negative, not all 0
 * @param groups - the cluster of each pair
 */
export function ratioLimits(
  numerators: readonly number[],
  denominators: readonly number[],
  groups: readonly string[],
  level: number,
): Limits {
  if (denominators.reduce((sum, value) => sum + value, 0) < ENOUGH) {
    const result = bootstrapRatio(numerators, denominators, groups, { seed: BOOTSTRAP_SEED, level });
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
  const sums = new Map<string, { numerator: number; denominator: number }>();
  groups.forEach((group, index) => {
    const sum = sums.get(group) ?? { numerator: 0, denominator: 0 };
    sum.numerator += numerators[index]!;
    sum.denominator += denominators[index]!;
    sums.set(group, sum);
  });
  const clusters = [...sums.values()];
  const { ratio, lower, upper } = costPerSuccess(
    clusters.map((cluster) => cluster.numerator),
    clusters.map((cluster) => cluster.denominator),
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
