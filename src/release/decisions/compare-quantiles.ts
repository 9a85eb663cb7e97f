import type { Arm } from "../../core/traffic-split.js";
import type { Interval } from "../../stats/interval.js";
import { quantileConfidenceSequence } from "../../stats/quantile-confidence-sequence.js";
import { type WeightedOrder, weightedOrder } from "../../stats/weighted-order.js";
import { armIn, type Comparison, type Selection, type Tolerance } from "./comparison.js";
import type { UnitValue } from "./unit-values.js";

/**
 * Compares two quantiles of samples that come in units. Each unit weighs the same; stable's units are weighted so that
 * each stratum has the part in them that it has in the canary's.
 */
export function compareQuantiles(
  values: readonly UnitValue[],
  selection: Selection,
  { direction, marginOf, alpha, beta }: Tolerance,
  q: number,
): Comparison {
  const counts: { canary: number; stable: number }[] = [];
  const chosen: { readonly arm: Arm; readonly group: number; readonly value: UnitValue }[] = [];
  for (const value of values) {
    const arm = armIn(selection, value);
    if (arm === null) continue;
    const group = selection.groupOf(value);
    let count = counts[group];
    if (count === undefined) {
      count = { canary: 0, stable: 0 };
      counts[group] = count;
    }
    count[arm] += 1;
    chosen.push({ arm, group, value });
  }
  const sides = { canary: emptySide(), stable: emptySide() };
  const hasBoth = counts.some(({ canary, stable }) => canary > 0 && stable > 0);
  for (const { arm, group, value } of chosen) {
    const count = counts[group];
    if (count === undefined || (hasBoth && (count.canary === 0 || count.stable === 0))) continue;
    add(sides[arm], value, arm === "stable" && hasBoth ? count.canary / count.stable : 1);
  }
  const limits = differenceOf(sides, q, alpha / 2);
  const margin = limits.stable.estimate === null ? null : marginOf(limits.stable.estimate);
  // Only one side of each arm counts here, which halves the error of limits that have two.
  const { lower, upper } = differenceOf(sides, q, beta);
  const mostHarm = direction === 1 ? upper : lower === null ? null : -lower;
  return {
    canary: { value: limits.canary.estimate, conversations: sides.canary.conversations },
    stable: { value: limits.stable.estimate, conversations: sides.stable.conversations },
    difference: between(limits.canary.estimate, limits.stable.estimate),
    lower: limits.lower,
    upper: limits.upper,
    isHarmRuledOut: mostHarm !== null && margin !== null && mostHarm < margin,
    margin,
    reversal: false,
    method: "quantile confidence sequence",
  };
}

interface Side {
  readonly samples: number[];
  readonly weights: number[];
  weight: number;
  squareWeight: number;
  conversations: number;
  order: WeightedOrder | null;
}

function emptySide(): Side {
  return { samples: [], weights: [], weight: 0, squareWeight: 0, conversations: 0, order: null };
}

function add(side: Side, { unit, samples }: UnitValue, weight: number): void {
  side.weight += weight;
  side.squareWeight += weight * weight;
  side.conversations += unit.records.length;
  for (const value of samples) {
    side.samples.push(value);
    side.weights.push(weight / samples.length);
  }
}

/** Limits of the difference, from those of both arms. */
function differenceOf(sides: { readonly canary: Side; readonly stable: Side }, q: number, alpha: number) {
  const canary = limitsOf(sides.canary, q, alpha);
  const stable = limitsOf(sides.stable, q, alpha);
  return {
    canary,
    stable,
    lower: between(canary.lower, stable.upper),
    upper: between(canary.upper, stable.lower),
  };
}

function between(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function limitsOf(side: Side, q: number, alpha: number): Interval {
  side.order ??= weightedOrder(Float64Array.from(side.samples), Float64Array.from(side.weights));
  const units = side.squareWeight === 0 ? 0 : (side.weight * side.weight) / side.squareWeight;
  return quantileConfidenceSequence(side.order, units * (1 + 1e-12), q, alpha);
}
