import { binomialQuantile } from "./binomial.js";
import type { BootstrapOptions } from "./bootstrap.js";
import type { ClusterKey, Interval } from "./interval.js";
import { quantileOfSorted } from "./quantile.js";
import { SeededRandom } from "./random.js";
import { resampledQuantile, type SortedByCluster, sortByCluster } from "./resampled-quantile.js";
import {
  requireCount,
  requireFinite,
  requireLevel,
  requireProbability,
  requireSameLength,
} from "./validate.js";

/** Values with the cluster of each, such as latencies with their case; `null`: each value is its own cluster. */
export interface ClusteredSample {
  readonly values: ArrayLike<number>;
  readonly clusters: ArrayLike<ClusterKey> | null;
}

interface DrawOptions extends BootstrapOptions {
  /** Whether equal clusters of both samples are one case and are drawn together. */
  readonly paired: boolean;
  /** `log-ratio`: log(current / baseline), of values that are not negative; default `difference`. */
  readonly contrast?: "difference" | "log-ratio";
}

export interface QuantileDifferenceOptions extends DrawOptions {
  /** In [0, 1]: 0.5, 0.95, 0.99. */
  readonly q: number;
}

interface QuantileDifferencesOptions extends DrawOptions {
  /** Each in [0, 1]. */
  readonly qs: readonly number[];
}

export interface QuantileDifference extends Interval {
  /** Quantile of the baseline; `null` without data. */
  readonly baseline: number | null;
  /** Quantile of the current sample; `null` without data. */
  readonly current: number | null;
  /** Clusters drawn from; for unpaired samples those of the smaller. */
  readonly clusters: number;
  /** Fewer than 10 clusters: the interval is then too narrow more often than its level says. */
  readonly fewClusters: boolean;
  /** Too few values around the quantile for any interval at this level, as under 72 for p95: claim nothing. */
  readonly sparseTail: boolean;
  readonly seed: number;
  readonly resamples: number;
  /** Resamples left out because a sample had no value in them. */
  readonly undefinedResamples: number;
}

/**
 * Difference of a quantile, current minus baseline, with a percentile bootstrap interval that resamples whole
 * clusters: jointly when paired, each sample by itself else. Percentile and not BCa, whose acceleration comes
 * from a jackknife, which is not consistent for quantiles.
 *
 * @param baseline - finite values
 * @param current - finite values; paired without clusters: in the order of the baseline
 * @returns estimate `null` if a sample is empty, or the log ratio of a quantile of 0 is asked for; limits `null` for fewer
 *   than two clusters
 * @throws {StatisticsError} on bad numbers, lengths that differ, or options outside their ranges
 * @see Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 8 and 13
 */
export function bootstrapQuantileDifference(
  baseline: ClusteredSample,
  current: ClusteredSample,
  { q, ...options }: QuantileDifferenceOptions,
): QuantileDifference {
  return bootstrapQuantileDifferences(baseline, current, { ...options, qs: [q] })[0]!;
}

/**
 * {@link bootstrapQuantileDifference} of several quantiles in one go: each is looked up in the same resamples, so the
 * figures are those of one call for each.
 *
 * @returns one difference for each of `qs`, in their order
 */
export function bootstrapQuantileDifferences(
  baseline: ClusteredSample,
  current: ClusteredSample,
  options: QuantileDifferencesOptions,
): QuantileDifference[] {
  const { seed, qs, paired, resamples = 10_000, level = 0.95, contrast = "difference" } = options;
  const between = contrast === "difference" ? subtracted : logRatio;
  requireSample("baseline", baseline);
  requireSample("current", current);
  if (paired && (baseline.clusters === null || current.clusters === null)) {
    requireSameLength("paired baseline values", baseline.values, "current values", current.values);
  }
  for (const q of qs) requireProbability("q", q);
  requireCount("resamples", resamples, 1);
  requireLevel(level);
  const ofBaseline = clusterIndex(paired ? [baseline, current] : [baseline]);
  const ofCurrent = paired ? ofBaseline : clusterIndex([current]);
  const before = sortByCluster(baseline.values, baseline.clusters, ofBaseline);
  const after = sortByCluster(current.values, current.clusters, ofCurrent);
  const clusters = Math.min(ofBaseline.size, ofCurrent.size);
  const isDrawn = clusters >= 2 && before.values.length > 0 && after.values.length > 0;
  const drawn = isDrawn
    ? resample(before, after, paired, qs, resamples, new SeededRandom(seed), between)
    : [];
  return qs.map((q, index): QuantileDifference => {
    const sparseTail = [before, after].some(({ values }) => isSparse(values.length, q, level));
    const about = { clusters, fewClusters: clusters < 10, sparseTail, seed, resamples };
    const quantiles = { baseline: quantileOrNull(before, q), current: quantileOrNull(after, q) };
    const none = { lower: null, upper: null, ...quantiles, ...about, undefinedResamples: 0 };
    if (quantiles.baseline === null || quantiles.current === null) return { estimate: null, ...none };
    const estimate = between(quantiles.current, quantiles.baseline);
    if (!Number.isFinite(estimate)) return { estimate: null, ...none };
    const replicates = drawn[index];
    if (replicates === undefined) return { estimate, ...none };
    if (replicates.length === 0) return { estimate, ...none, undefinedResamples: resamples };
    const tail = (1 - level) / 2;
    return {
      ...none,
      estimate,
      lower: finiteOrNull(quantileOfSorted(replicates, tail)),
      upper: finiteOrNull(quantileOfSorted(replicates, 1 - tail)),
      undefinedResamples: resamples - replicates.length,
    };
  });
}

function subtracted(current: number, baseline: number): number {
  return current - baseline;
}

/** Infinite when one of them is 0, NaN when both are. */
function logRatio(current: number, baseline: number): number {
  return Math.log(current) - Math.log(baseline);
}

function finiteOrNull(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null;
}

function requireSample(name: string, { values, clusters }: ClusteredSample): void {
  requireFinite(`${name} values`, values);
  if (clusters !== null) requireSameLength(`${name} values`, values, `${name} clusters`, clusters);
}

function clusterIndex(samples: readonly ClusteredSample[]): Map<ClusterKey, number> {
  const index = new Map<ClusterKey, number>();
  for (const { values, clusters } of samples) {
    for (let row = 0; row < values.length; row++) {
      const key = clusters === null ? row : clusters[row]!;
      if (!index.has(key)) index.set(key, index.size);
    }
  }
  return index;
}

function quantileOrNull({ values }: SortedByCluster, q: number): number | null {
  return values.length === 0 ? null : quantileOfSorted(values, q);
}

/** Whether an interval from order statistics would reach beyond the smallest or largest value. */
function isSparse(n: number, q: number, level: number): boolean {
  const tail = (1 - level) / 2;
  return n === 0 || binomialQuantile(tail, n, q) < 1 || binomialQuantile(1 - tail, n, q) + 1 > n;
}

/** The differences in all resamples, ascending, for each quantile; those of a resample without values are left out. */
function resample(
  before: SortedByCluster,
  after: SortedByCluster,
  paired: boolean,
  qs: readonly number[],
  resamples: number,
  random: SeededRandom,
  between: (current: number, baseline: number) => number,
): Float64Array[] {
  const drawsBefore = new Int32Array(before.sizes.length);
  const drawsAfter = paired ? drawsBefore : new Int32Array(after.sizes.length);
  const picks = new Int32Array(Math.max(drawsBefore.length, drawsAfter.length));
  const replicates = qs.map(() => new Float64Array(resamples));
  let kept = 0;
  for (let round = 0; round < resamples; round++) {
    draw(drawsBefore, picks, random);
    if (!paired) draw(drawsAfter, picks, random);
    let isDefined = true;
    for (let index = 0; index < qs.length; index++) {
      const q = qs[index]!;
      const difference = between(
        resampledQuantile(after, drawsAfter, q),
        resampledQuantile(before, drawsBefore, q),
      );
      isDefined &&= !Number.isNaN(difference);
      replicates[index]![kept] = difference;
    }
    if (isDefined) kept += 1;
  }
  return replicates.map((own) => own.subarray(0, kept).sort());
}

/** Counts how often each cluster is drawn in as many draws as there are clusters. */
function draw(draws: Int32Array, picks: Int32Array, random: SeededRandom): void {
  const count = draws.length;
  const own = picks.subarray(0, count);
  random.fillBelow(own, count);
  draws.fill(0);
  for (let index = 0; index < count; index++) draws[own[index]!]! += 1;
}
