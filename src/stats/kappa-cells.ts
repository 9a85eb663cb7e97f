import { categoryDistance, type KappaWeights } from "./cohen-kappa.js";
import type { Label } from "./contingency-table.js";

/** Items rated three times, gathered by what they were rated: resamples are counted by cell, not by item. */
export interface KappaCells {
  readonly n: number;
  readonly categories: number;
  /** Distance of category i and j at `i * categories + j`. */
  readonly distance: Int32Array;
  /** The cell of each item. */
  readonly cellOf: Int32Array;
  /** Items of each cell. */
  readonly counts: Int32Array;
  /** The categories of each cell, by position: the truth and both raters. */
  readonly a: Int32Array;
  readonly b1: Int32Array;
  readonly b2: Int32Array;
  /** Room for the marginals of a resample. */
  readonly room: { readonly a: Float64Array; readonly b1: Float64Array; readonly b2: Float64Array };
}

/** Gathers items whose labels are known to be categories. */
export function kappaCells(
  a: readonly Label[],
  b1: readonly Label[],
  b2: readonly Label[],
  categories: readonly Label[],
  weights: KappaWeights,
): KappaCells {
  const size = categories.length;
  const ofSteps = categoryDistance(weights);
  const position = new Map(categories.map((category, index) => [category, index]));
  const cellOfKey = new Map<number, number>();
  const cellOf = Int32Array.from(a, (label, item) => {
    const row = position.get(label)! * size + position.get(b1[item]!)!;
    const key = row * size + position.get(b2[item]!)!;
    const known = cellOfKey.get(key);
    if (known !== undefined) return known;
    cellOfKey.set(key, cellOfKey.size);
    return cellOfKey.size - 1;
  });
  const keys = [...cellOfKey.keys()];
  const counts = new Int32Array(keys.length);
  for (const cell of cellOf) counts[cell]! += 1;
  return {
    n: a.length,
    categories: size,
    distance: Int32Array.from({ length: size * size }, (_, index) =>
      ofSteps(Math.abs(Math.floor(index / size) - (index % size))),
    ),
    cellOf,
    counts,
    a: Int32Array.from(keys, (key) => Math.floor(key / (size * size))),
    b1: Int32Array.from(keys, (key) => Math.floor(key / size) % size),
    b2: Int32Array.from(keys, (key) => key % size),
    room: { a: new Float64Array(size), b1: new Float64Array(size), b2: new Float64Array(size) },
  };
}

/**
 * kappa(a, b1) - kappa(a, b2) when each cell holds as many items as `counts` says, `n` in all; NaN where a kappa is not
 * defined. All sums are of whole numbers, so equal counts give equal differences.
 */
export function kappaDifferenceOf(cells: KappaCells, counts: Int32Array, n: number): number {
  const { distance, room, categories } = cells;
  room.a.fill(0);
  room.b1.fill(0);
  room.b2.fill(0);
  let observed1 = 0;
  let observed2 = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell]!;
    if (count === 0) continue;
    const [a, b1, b2] = [cells.a[cell]!, cells.b1[cell]!, cells.b2[cell]!];
    room.a[a]! += count;
    room.b1[b1]! += count;
    room.b2[b2]! += count;
    observed1 += count * distance[a * categories + b1]!;
    observed2 += count * distance[a * categories + b2]!;
  }
  let expected1 = 0;
  let expected2 = 0;
  for (let i = 0; i < categories; i++) {
    const count = room.a[i]!;
    if (count === 0) continue;
    for (let j = 0; j < categories; j++) {
      const step = count * distance[i * categories + j]!;
      expected1 += step * room.b1[j]!;
      expected2 += step * room.b2[j]!;
    }
  }
  if (expected1 === 0 || expected2 === 0) return Number.NaN;
  return 1 - (n * observed1) / expected1 - (1 - (n * observed2) / expected2);
}
