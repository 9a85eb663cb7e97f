import { StatisticsError } from "./statistics-error.js";
import { requireSameLength } from "./validate.js";

/** Weighted values in their order, without sorting all of them. */
export interface WeightedOrder {
  /** Sum of all weights; 0 without values. */
  readonly whole: number;
  /**
   * The value at which the weights from the smallest on first exceed `weight`; the largest value when none does.
   *
   * @returns `null` without values
   */
  valueAbove(weight: number): number | null;
}

/** Bits of a double's upper half that are dropped: 64 bins to each power of 2. */
const DROPPED_BITS = 14;

interface Bin {
  /** It rises with the values of the bin. */
  readonly number: number;
  readonly values: number[];
  readonly weights: number[];
  sum: number;
}

/**
 * Weighted values that more are added to, between looks at their order. They are counted in bins of about 1 %, which
 * their bits give, and sorted only within the bins that are asked for: latencies of all conversations are looked at
 * again and again.
 */
export class WeightedBins {
  readonly #bins: Bin[] = [];
  readonly #byNumber = new Map<number, Bin>();

  /**
   * @param value - finite
   * @param weight - positive
   * @throws {StatisticsError} if one of them is not
   */
  add(value: number, weight: number): void {
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected positive weights, found ${weight}`);
    }
    if (!Number.isFinite(value)) throw new StatisticsError(`expected finite values, found ${value}`);
    const number = binOf(value);
    let bin = this.#byNumber.get(number);
    if (bin === undefined) {
      bin = { number, values: [], weights: [], sum: 0 };
      this.#bins.push(bin);
      this.#byNumber.set(number, bin);
    }
    bin.values.push(value);
    bin.weights.push(weight);
    bin.sum += weight;
  }

  /** In no order. */
  get bins(): readonly Readonly<Bin>[] {
    return this.#bins;
  }

  binAt(number: number): Readonly<Bin> | undefined {
    return this.#byNumber.get(number);
  }
}

interface Part {
  readonly values: WeightedBins;
  readonly scale: number;
}

/**
 * The order of several sets of values together.
 *
 * @param parts - each with a positive factor of its weights
 */
export function orderOf(parts: readonly Part[]): WeightedOrder {
  const { lowest, highest } = rangeOf(parts);
  if (lowest > highest) return { whole: 0, valueAbove: () => null };
  const upTo = sumsUpTo(parts, lowest, highest);
  const last = highest - lowest;
  const whole = upTo[last]!;
  const sorted = new Map<number, SortedBin>();
  return {
    whole,
    valueAbove(weight) {
      // A sum of thirds that should equal the weight must not exceed it by its rounding.
      const target = weight * (1 + 1e-12);
      const index = Math.min(last, firstAbove(upTo, target));
      let inside = sorted.get(index);
      if (inside === undefined) {
        inside = sortedBin(parts, lowest + index);
        sorted.set(index, inside);
      }
      let before = index === 0 ? 0 : upTo[index - 1]!;
      for (const one of inside) {
        before += one.weight;
        if (before > target) return one.value;
      }
      return inside[inside.length - 1]?.value ?? null;
    },
  };
}

function rangeOf(parts: readonly Part[]): { readonly lowest: number; readonly highest: number } {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const { values } of parts) {
    for (const { number } of values.bins) {
      if (number < lowest) lowest = number;
      if (number > highest) highest = number;
    }
  }
  return { lowest, highest };
}

/** Weights of all bins up to each; bins without values among them, so that none has to be looked up. */
function sumsUpTo(parts: readonly Part[], lowest: number, highest: number): Float64Array {
  const sums = new Float64Array(highest - lowest + 1);
  for (const { values, scale } of parts) {
    for (const { number, sum } of values.bins) sums[number - lowest]! += scale * sum;
  }
  for (let index = 1; index < sums.length; index++) sums[index]! += sums[index - 1]!;
  return sums;
}

/** Index of the first sum above a weight; the length of `upTo` when none is. */
function firstAbove(upTo: Float64Array, target: number): number {
  let low = 0;
  let high = upTo.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (upTo[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

type SortedBin = readonly { readonly value: number; readonly weight: number }[];

function sortedBin(parts: readonly Part[], number: number): SortedBin {
  const inside: { readonly value: number; readonly weight: number }[] = [];
  for (const { values, scale } of parts) {
    const bin = values.binAt(number);
    if (bin === undefined) continue;
    for (let at = 0; at < bin.values.length; at++) {
      inside.push({ value: bin.values[at]!, weight: scale * bin.weights[at]! });
    }
  }
  return inside.sort((a, b) => a.value - b.value);
}

/**
 * The order of weighted values.
 *
 * @param values - finite, in any order
 * @param weights - positive, one for each value
 * @throws {StatisticsError} if a value is not finite, a weight not positive, or the lengths differ
 */
export function weightedOrder(values: Float64Array, weights: Float64Array): WeightedOrder {
  requireSameLength("values", values, "weights", weights);
  const bins = new WeightedBins();
  for (let index = 0; index < values.length; index++) bins.add(values[index]!, weights[index]!);
  return orderOf([{ values: bins, scale: 1 }]);
}

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/** Whole numbers that rise with the value: the upper bits of a double, which are its exponent and first digits. */
function binOf(value: number): number {
  // -0 is 0.
  DOUBLE[0] = value + 0;
  const upper = WORDS[1]!;
  return (upper < 0 ? upper ^ 0x7fffffff : upper) >> DROPPED_BITS;
}
