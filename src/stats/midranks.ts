import { requireFinite } from "./validate.js";

export interface Midranks {
  /** Rank of each value in the order given, 1 for the smallest; equal values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** Sum over the groups of equal values of size^3 - size, by which ties lower the variance of rank statistics. */
  readonly tieSum: number;
}

/**
 * Ranks of values with ties averaged.
 *
 * @throws {StatisticsError} on a value that is not finite
 */
export function midranks(values: ArrayLike<number>): Midranks {
  requireFinite("values", values);
  const n = values.length;
  const order = new Uint32Array(n).map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  let tieSum = 0;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && values[order[end]!] === values[order[start]!]) end++;
    const size = end - start;
    for (let place = start; place < end; place++) ranks[order[place]!] = (start + 1 + end) / 2;
    tieSum += size * (size * size - 1);
    start = end;
  }
  return { ranks, tieSum };
}
