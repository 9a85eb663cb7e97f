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
  readonly #bins = new Map<number, Bin>();

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
    const at = binOf(value);
    const bin = this.#bins.get(at);
    if (bin === undefined) {
      this.#bins.set(at, { values: [value], weights: [weight], sum: weight });
      return;
    }
    bin.values.push(value);
    bin.weights.push(weight);
    bin.sum += weight;
  }

  /** Bins by their number, which rises with the value. */
  get bins(): ReadonlyMap<number, Readonly<Bin>> {
    return this.#bins;
  }
}

/**
 * The order of several sets of values together.
 *
 * @param parts - each with a positive factor of its weights
 */
export function orderOf(
  parts: readonly { readonly values: WeightedBins; readonly scale: number }[],
): WeightedOrder {
  const sums = new Map<number, number>();
  for (const { values, scale } of parts) {
    for (const [at, { sum }] of values.bins) sums.set(at, (sums.get(at) ?? 0) + scale * sum);
  }
  const order = Int32Array.from(sums.keys()).sort();
  const whole = order.reduce((sum, at) => sum + (sums.get(at) ?? 0), 0);
  return {
    whole,
    valueAbove(weight) {
      if (order.length === 0) return null;
      // A sum of thirds that should equal the weight must not exceed it by its rounding.
      const target = weight * (1 + 1e-12);
      let before = 0;
      let index = 0;
      while (index < order.length - 1 && before + sums.get(order[index]!)! <= target) {
        before += sums.get(order[index++]!)!;
      }
      const inside: { readonly value: number; readonly weight: number }[] = [];
      for (const { values, scale } of parts) {
        const bin = values.bins.get(order[index]!);
        bin?.values.forEach((value, at) => {
          inside.push({ value, weight: scale * bin.weights[at]! });
        });
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
