import type { Alternative } from "./alternative.js";
import { type ClusteredMean, clusteredMean } from "./clustered-se.js";
import type { ClusterKey } from "./interval.js";
import { type TTest, tTest } from "./paired-t-test.js";

export interface ClusteredMeanDifference extends ClusteredMean, TTest {}

/**
 * Mean paired difference with a cluster-robust (CR1) t interval and test on clusters - 1 degrees of freedom.
 *
 * @param differences - current minus baseline, one for each case (see `pairedCaseMeans`)
 * @param clusters - the coarsest group of each case, such as its family; `null`: each case is its own
 * @param options.level - confidence of the two-sided interval, default 0.95
 * @returns standard error, limits and p `null` for fewer than two clusters
 * @throws {StatisticsError} on a difference that is not finite, lengths that differ, or a level outside (0, 1)
 * @see Miller 2024, Adding Error Bars to Evals
 */
export function clusteredMeanDifference(
  differences: ArrayLike<number>,
  clusters: ArrayLike<ClusterKey> | null,
  options: { readonly alternative?: Alternative; readonly level?: number } = {},
): ClusteredMeanDifference {
  const { alternative = "two-sided", level = 0.95 } = options;
  const own = clusters ?? Array.from(differences, (_, index) => index);
  const result = clusteredMean(differences, own, { level });
  return { ...result, ...tTest(result.mean, result.se, result.clusters - 1, alternative) };
}
