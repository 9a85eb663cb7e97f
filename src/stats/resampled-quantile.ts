import type { ClusterKey } from "./interval.js";

/** Values in ascending order, each with the cluster that it comes from. */
export interface SortedByCluster {
  readonly values: Float64Array;
  /** Index of the cluster of each value. */
  readonly owners: Int32Array;
  /** Number of values of each cluster. */
  readonly sizes: Int32Array;
  /** The number of values of every cluster, when they are alike: each resample then holds as many values. */
  readonly commonSize: number | null;
}

/** Sorts values once, so that each resample only counts how often it drew a cluster. */
export function sortByCluster(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterKey> | null,
  indexOf: ReadonlyMap<ClusterKey, number>,
): SortedByCluster {
  const order = new Uint32Array(values.length).map((_, index) => index);
  order.sort((a, b) => values[a]! - values[b]!);
  const owners = Int32Array.from(
    order,
    (index) => indexOf.get(clusters === null ? index : clusters[index]!)!,
  );
  const sizes = new Int32Array(indexOf.size);
  for (const owner of owners) sizes[owner]! += 1;
  const commonSize = sizes.every((size) => size === sizes[0]) ? (sizes[0] ?? 0) : null;
  return { values: Float64Array.from(order, (index) => values[index]!), owners, sizes, commonSize };
}

/**
 * Type-7 quantile of the values of a resample, of as many clusters as there are, in which cluster c was drawn `draws[c]`
 * times; NaN when it holds no value. Walks from the nearer end, so a high percentile looks at few values.
 */
export function resampledQuantile(sample: SortedByCluster, draws: Int32Array, q: number): number {
  const { values, owners } = sample;
  const n = resampledCount(sample, draws);
  if (n === 0) return Number.NaN;
  const position = (n - 1) * q;
  const below = Math.floor(position);
  const share = position - below;
  const isHigh = q >= 0.5;
  const step = isHigh ? -1 : 1;
  const near = isHigh ? Math.max(0, n - 2 - below) : below;
  const far = isHigh ? n - 1 - below : Math.min(n - 1, below + 1);
  let at = isHigh ? values.length - 1 : 0;
  let passed = draws[owners[at]!]!;
  while (passed <= near) {
    at += step;
    passed += draws[owners[at]!]!;
  }
  const first = values[at]!;
  while (passed <= far) {
    at += step;
    passed += draws[owners[at]!]!;
  }
  const second = values[at]!;
  const [low, high] = isHigh ? [second, first] : [first, second];
  return share === 0 || low === high ? low : low + (high - low) * share;
}

function resampledCount({ sizes, commonSize }: SortedByCluster, draws: Int32Array): number {
  if (commonSize !== null) return commonSize * sizes.length;
  let n = 0;
  for (let cluster = 0; cluster < sizes.length; cluster++) n += draws[cluster]! * sizes[cluster]!;
  return n;
}
