import { type BcaInterval, bcaOfSorted } from "./bca-interval.js";
import { clusterSums, snapTo, total } from "./cluster-resampling.js";
import type { ClusterKey } from "./interval.js";
import { SeededRandom } from "./random.js";
import { requireCount, requireFinite, requireLevel, requireSameLength } from "./validate.js";

export interface BootstrapOptions {
  /** Stored with the result: the same seed and data give the same interval on every machine. */
  readonly seed: number;
  /** Default 10,000. */
  readonly resamples?: number;
  /** Confidence in (0, 1), default 0.95. */
  readonly level?: number;
}

export interface BootstrapInterval extends BcaInterval {
  readonly estimate: number | null;
  readonly clusters: number;
  readonly seed: number;
  readonly resamples: number;
  /** Fewer than 10 clusters: the interval is then too narrow more often than its level says. */
  readonly fewClusters: boolean;
}

/**
 * BCa bootstrap interval of a mean, resampling whole clusters.
 *
 * @param values - finite numbers
 * @param clusters - the cluster of each value; `null`: each value is its own
 * @throws {StatisticsError} on bad numbers, lengths that differ, or options outside their ranges
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterKey> | null,
  options: BootstrapOptions,
): BootstrapInterval {
  return bootstrapRatio(values, new Float64Array(values.length).fill(1), clusters, options);
}

/**
 * BCa bootstrap interval of sum(numerators) / sum(denominators), such as cost per success, resampling whole
 * clusters. A resample without denominator counts as infinitely large, so a limit among such is `null`.
 *
 * @param denominators - non-negative
 * @returns estimate and limits `null` when the denominators sum to 0; limits `null` for fewer than two clusters
 * @throws {StatisticsError} on bad numbers, lengths that differ, or options outside their ranges
 */
export function bootstrapRatio(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  clusters: ArrayLike<ClusterKey> | null,
  options: BootstrapOptions,
): BootstrapInterval {
  const { seed, resamples = 10_000, level = 0.95 } = options;
  requireFinite("numerators", numerators);
  requireFinite("denominators", denominators);
  requireSameLength("numerators", numerators, "denominators", denominators);
  if (clusters !== null) requireSameLength("numerators", numerators, "clusters", clusters);
  requireCount("resamples", resamples, 1);
  requireLevel(level);
  const top = clusterSums(numerators, clusters);
  const bottom = clusterSums(denominators, clusters);
  const count = top.length;
  const about = { clusters: count, seed, resamples, fewClusters: count < 10 };
  const none = { lower: null, upper: null, z0: null, acceleration: null, method: "bca" } as const;
  const [topTotal, bottomTotal] = [total(top), total(bottom)];
  if (bottomTotal === 0) return { estimate: null, ...none, ...about };
  const estimate = topTotal / bottomTotal;
  if (count < 2) return { estimate, ...none, ...about };
  const replicates = resample(top, bottom, resamples, new SeededRandom(seed));
  snapTo(estimate, replicates);
  const jackknife = top.map((value, index) => over(topTotal - value, bottomTotal - bottom[index]!));
  return { estimate, ...bcaOfSorted(estimate, replicates.sort(), jackknife, level), ...about };
}

function over(numerator: number, denominator: number): number {
  return denominator > 0 ? numerator / denominator : Number.POSITIVE_INFINITY;
}

function resample(top: Float64Array, bottom: Float64Array, resamples: number, random: SeededRandom) {
  const count = top.length;
  const picks = new Int32Array(count);
  const replicates = new Float64Array(resamples);
  const size = bottom[0]!;
  const equalSizes = bottom.every((value) => value === size);
  for (let round = 0; round < resamples; round++) {
    if (equalSizes) {
      replicates[round] = random.sumOfDraws(top) / (size * count);
      continue;
    }
    random.fillBelow(picks, count);
    let numerator = 0;
    let denominator = 0;
    for (let index = 0; index < count; index++) {
      const pick = picks[index]!;
      numerator += top[pick]!;
      denominator += bottom[pick]!;
    }
    replicates[round] = over(numerator, denominator);
  }
  return replicates;
}
