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

/**
 * Order statistics of weighted values. Values are counted in bins of about 1 %, which their bits give, and sorted only
 * within the bins that are asked for: latencies of all conversations are looked at again and again.
 *
 * @param values - finite, in any order
 * @param weights - positive, one for each value
 * @throws {StatisticsError} if a value is not finite, a weight not positive, or the lengths differ
 */
export function weightedOrder(values: Float64Array, weights: Float64Array): WeightedOrder {
  requireSameLength("values", values, "weights", weights);
  const bins = binsOf(values);
  let low = 0;
  let high = -1;
  for (let index = 0; index < bins.length; index++) {
    if (!(weights[index]! > 0 && weights[index]! < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected positive weights, found ${weights[index]}`);
    }
    if (!Number.isFinite(values[index]))
      throw new StatisticsError(`expected finite values, found ${values[index]}`);
    const bin = bins[index]!;
    if (high < low) low = high = bin;
    else if (bin < low) low = bin;
    else if (bin > high) high = bin;
  }
  const sums = new Float64Array(high - low + 1);
  for (let index = 0; index < bins.length; index++) sums[bins[index]! - low]! += weights[index]!;
  const whole = sums.reduce((sum, weight) => sum + weight, 0);
  return {
    whole,
    valueAbove(weight) {
      if (bins.length === 0) return null;
      // A sum of thirds that should equal the weight must not exceed it by its rounding.
      const target = weight * (1 + 1e-12);
      let before = 0;
      let at = 0;
      while (at < sums.length - 1 && before + sums[at]! <= target) before += sums[at++]!;
      const inside: { readonly value: number; readonly weight: number }[] = [];
      for (let index = 0; index < bins.length; index++) {
        if (bins[index] === at + low) inside.push({ value: values[index]!, weight: weights[index]! });
      }
      inside.sort((a, b) => a.value - b.value);
      for (const one of inside) {
        before += one.weight;
        if (before > target) return one.value;
      }
      return inside[inside.length - 1]?.value ?? null;
    },
  };
}

/** Whole numbers that rise with the value: the upper bits of a double, which are its exponent and first digits. */
function binsOf(values: Float64Array): Int32Array {
  const words = new Int32Array(Float64Array.from(values, (value) => value + 0).buffer);
  const bins = new Int32Array(values.length);
  for (let index = 0; index < bins.length; index++) {
    const upper = words[2 * index + 1]!;
    bins[index] = (upper < 0 ? upper ^ 0x7fffffff : upper) >> DROPPED_BITS;
  }
  return bins;
}
