import type { Arm } from "../../core/traffic-split.js";
import type { Interval } from "../../stats/interval.js";
import { quantileConfidenceSequence } from "../../stats/quantile-confidence-sequence.js";
import { orderOf, type WeightedOrder } from "../../stats/weighted-order.js";
import { type Comparison, type Selection, selected, type Tolerance } from "./comparison.js";
import type { ValueCell } from "./measure-values.js";

/**
 * Compares two quantiles of samples that come in units. Each unit weighs the same; stable's units are weighted so that
 * each stratum has the part in them that it has in the canary's.
 */
export function compareQuantiles(
  cells: readonly ValueCell[],
  selection: Selection,
  { direction, marginOf, alpha, beta }: Tolerance,
  q: number,
): Comparison {
  const chosen = selected(cells, selection);
  const counts: { canary: number; stable: number }[] = [];
  for (const cell of chosen) {
    const group = selection.groupOf(cell);
    const count = counts[group] ?? { canary: 0, stable: 0 };
    counts[group] = count;
    count[cell.arm] += cell.sums.units;
  }
  const parts: Record<Arm, CellPart[]> = { canary: [], stable: [] };
  const hasBoth = counts.some(({ canary, stable }) => canary > 0 && stable > 0);
  for (const cell of chosen) {
    const count = counts[selection.groupOf(cell)];
    if (count === undefined || (hasBoth && (count.canary === 0 || count.stable === 0))) continue;
    const weight = cell.arm === "stable" && hasBoth ? count.canary / count.stable : 1;
    parts[cell.arm].push({ cell, weight });
  }
  const sides = { canary: sideOf(parts.canary), stable: sideOf(parts.stable) };
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

interface CellPart {
  readonly cell: ValueCell;
  /** Of each of its units. */
  readonly weight: number;
}

interface Side {
  readonly order: WeightedOrder;
  /** Units that tell as much as these, all with the same weight. */
  readonly units: number;
  readonly conversations: number;
}

function sideOf(parts: readonly CellPart[]): Side {
  let [weights, squareWeights, conversations] = [0, 0, 0];
  for (const { cell, weight } of parts) {
    weights += weight * cell.sums.units;
    squareWeights += weight * weight * cell.sums.units;
    conversations += cell.conversations;
  }
  return {
    order: orderOf(parts.map(({ cell, weight }) => ({ values: cell.samples, scale: weight }))),
    units: squareWeights === 0 ? 0 : (weights * weights) / squareWeights,
    conversations,
  };
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

function limitsOf({ order, units }: Side, q: number, alpha: number): Interval {
  return quantileConfidenceSequence(order, units * (1 + 1e-12), q, alpha);
}
