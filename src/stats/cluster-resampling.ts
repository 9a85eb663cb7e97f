import type { ClusterKey } from "./interval.js";

/** Sum of the values of each cluster, in the order in which clusters first appear. */
export function clusterSums(
  values: ArrayLike<number>,
  clusters: ArrayLike<ClusterKey> | null,
): Float64Array<ArrayBuffer> {
  if (clusters === null) return Float64Array.from(values);
  const sums = new Map<ClusterKey, number>();
  for (let index = 0; index < values.length; index++) {
    const key = clusters[index]!;
    sums.set(key, (sums.get(key) ?? 0) + values[index]!);
  }
  return Float64Array.from(sums.values());
}

export function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Makes replicates that differ from the estimate by rounding alone equal to it, so that ties are seen as ties. */
export function snapTo(estimate: number, replicates: Float64Array, scale = Math.abs(estimate)): void {
  const slack = 1e-12 * scale;
  for (let index = 0; index < replicates.length; index++) {
    if (Math.abs(replicates[index]! - estimate) <= slack) replicates[index] = estimate;
  }
}
