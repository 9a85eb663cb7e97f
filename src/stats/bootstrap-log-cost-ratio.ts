import { bcaOfSorted } from "./bca-interval.js";
import type { BootstrapInterval, BootstrapOptions } from "./bootstrap.js";
import { clusterSums, snapTo, total } from "./cluster-resampling.js";
import type { ClusterKey } from "./interval.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireFinite, requireLevel, requireSameLength } from "./validate.js";

/** Cost and successes of each case, the cases of both runs in one order. */
export interface CaseCosts {
  /** Not negative, in one currency for both runs. */
  readonly costs: ArrayLike<number>;
  /** Successful trials of each case, not negative. */
  readonly successes: ArrayLike<number>;
}

export interface LogCostRatioInterval extends BootstrapInterval {
  /** Resamples left out because neither cost per success, or no cost, existed in them. */
  readonly undefinedResamples: number;
}

/**
 * BCa bootstrap interval of log(R of current) - log(R of baseline), R the cost per success, when both ran the
 * same cases: clusters are drawn jointly for both. exp() of estimate and limits are ratios; 0 is no change.
 *
 * @param clusters - the cluster of each case, such as its family; `null`: each case is its own
 * @returns estimate and limits `null` when a run has no success or no cost; limits `null` for fewer than two
 *   clusters, and where they fall among resamples without success
 * @throws {StatisticsError} on numbers that are negative or not finite, lengths that differ, or options outside
 *   their ranges
 */
export function bootstrapLogCostRatio(
  baseline: CaseCosts,
  current: CaseCosts,
  clusters: ArrayLike<ClusterKey> | null,
  options: BootstrapOptions,
): LogCostRatioInterval {
  const { seed, resamples = 10_000, level = 0.95 } = options;
  requireCount("resamples", resamples, 1);
  requireLevel(level);
  const parts = [current.costs, baseline.successes, baseline.costs, current.successes].map((values) => {
    requireAmounts(values);
    requireSameLength("current costs", current.costs, "the other data", values);
    if (clusters !== null) requireSameLength("current costs", values, "clusters", clusters);
    return clusterSums(values, clusters);
  });
  const totals = parts.map(total);
  const estimate = logRatio(totals[0]!, totals[1]!, totals[2]!, totals[3]!);
  const count = parts[0]!.length;
  const about = { clusters: count, seed, resamples, fewClusters: count < 10 };
  const none = { lower: null, upper: null, z0: null, acceleration: null, method: "bca" } as const;
  if (!Number.isFinite(estimate)) return { estimate: null, ...none, ...about, undefinedResamples: 0 };
  if (count < 2) return { estimate, ...none, ...about, undefinedResamples: 0 };
  const replicates = resample(parts, resamples, new SeededRandom(seed)).filter(
    (value) => !Number.isNaN(value),
  );
  snapTo(estimate, replicates, 1);
  const without = (part: number, cluster: number) => totals[part]! - parts[part]![cluster]!;
  const jackknife = parts[0]!.map((_, cluster) =>
    logRatio(without(0, cluster), without(1, cluster), without(2, cluster), without(3, cluster)),
  );
  const interval = replicates.length > 0 ? bcaOfSorted(estimate, replicates.sort(), jackknife, level) : none;
  return { estimate, ...interval, ...about, undefinedResamples: resamples - replicates.length };
}

/** log of (a / d) / (c / b), exactly 0 for equal sides; infinite when one side has no success or no cost, NaN when that holds for both. */
function logRatio(a: number, b: number, c: number, d: number): number {
  return Math.log((a * b) / (c * d));
}

function requireAmounts(values: ArrayLike<number>): void {
  requireFinite("costs and successes", values);
  for (let index = 0; index < values.length; index++) {
    if (values[index]! < 0) {
      throw new StatisticsError(`expected no negative cost or success, found ${values[index]} at ${index}`);
    }
  }
}

function resample(parts: readonly Float64Array[], resamples: number, random: SeededRandom): Float64Array {
  const [a, b, c, d] = parts as readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  const count = a.length;
  // The four sums of a cluster side by side: a draw then touches one place of memory rather than four.
  const sides = new Float64Array(4 * count);
  for (let index = 0; index < count; index++) {
    sides.set([a[index]!, b[index]!, c[index]!, d[index]!], 4 * index);
  }
  const picks = new Int32Array(count);
  const replicates = new Float64Array(resamples);
  for (let round = 0; round < resamples; round++) {
    random.fillBelow(picks, count);
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let index = 0; index < count; index++) {
      const at = 4 * picks[index]!;
      sumA += sides[at]!;
      sumB += sides[at + 1]!;
      sumC += sides[at + 2]!;
      sumD += sides[at + 3]!;
    }
    replicates[round] = logRatio(sumA, sumB, sumC, sumD);
  }
  return replicates;
}
