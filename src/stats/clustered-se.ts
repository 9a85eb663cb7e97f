import type { ClusterKey } from "./interval.js";
import { type MeanInterval, meanOf, squaredDeviations } from "./mean-interval.js";
import { studentTUpperQuantile } from "./student-t.js";
import { requireFinite, requireLevel, requireSameLength } from "./validate.js";

export interface ClusteredMean extends MeanInterval {
  readonly clusters: number;
  /** Variance over what independent values would have; `null` without variance or standard error. */
  readonly designEffect: number | null;
}

/**
 * Mean of values that belong together in clusters (trials of one case, cases of one family), with a
 * cluster-robust standard error and a t interval with clusters - 1 degrees of freedom.
 *
 * @param values - finite numbers
 * @param clusters - the cluster of each value
 * @param options.correction - `CR1` multiplies the variance by G/(G - 1), `CR0` does not
 * @returns standard error and limits `null` for fewer than two clusters
 * @throws {StatisticsError} if lengths differ, a value is not finite, or the level is outside (0, 1)
 * @see Miller 2024, Adding Error Bars to Evals
 */
export function clusteredMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterKey>,
  options: { readonly correction?: "CR0" | "CR1"; readonly level?: number } = {},
): ClusteredMean {
  const { correction = "CR1", level = 0.95 } = options;
  requireSameLength("values", values, "clusters", clusters);
  requireFinite("values", values);
  requireLevel(level);
  const n = values.length;
  if (n === 0) return { mean: null, se: null, lower: null, upper: null, clusters: 0, designEffect: null };
  const mean = meanOf(values);
  const residuals = new Map<ClusterKey, number>();
  for (let index = 0; index < n; index++) {
    const key = clusters[index]!;
    residuals.set(key, (residuals.get(key) ?? 0) + (values[index]! - mean));
  }
  const count = residuals.size;
  if (count < 2) return { mean, se: null, lower: null, upper: null, clusters: count, designEffect: null };
  let sum = 0;
  for (const residual of residuals.values()) sum += residual * residual;
  const variance = (sum / n / n) * (correction === "CR1" ? count / (count - 1) : 1);
  const se = Math.sqrt(variance);
  const half = studentTUpperQuantile((1 - level) / 2, count - 1) * se;
  const independent = squaredDeviations(values, mean) / (n - 1) / n;
  return {
    mean,
    se,
    lower: mean - half,
    upper: mean + half,
    clusters: count,
    designEffect: independent > 0 ? variance / independent : null,
  };
}
