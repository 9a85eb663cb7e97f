import type { Arm } from "../../core/traffic-split.js";
import { quantileConfidenceSequence, type WeightedValue } from "../../stats/quantile-confidence-sequence.js";
import { armIn, type Comparison, type Selection, type Tolerance } from "./comparison.js";
import type { UnitValue } from "./unit-values.js";

/**
 * Compares two quantiles of samples that come in units. Each unit weighs the same; stable's units are weighted so that
 * each stratum has the part in them that it has in the canary's.
 */
export function compareQuantiles(
  values: readonly UnitValue[],
  selection: Selection,
  { direction, marginOf, alpha }: Tolerance,
  q: number,
): Comparison {
  const counts = new Map<string, { canary: number; stable: number }>();
  const chosen: { readonly arm: Arm; readonly key: string; readonly value: UnitValue }[] = [];
  for (const value of values) {
    const arm = armIn(selection, value);
    if (arm === null) continue;
    const key = selection.stratumOf(value);
    const count = counts.get(key) ?? { canary: 0, stable: 0 };
    count[arm] += 1;
    counts.set(key, count);
    chosen.push({ arm, key, value });
  }
  const sides = { canary: emptySide(), stable: emptySide() };
  const hasBoth = [...counts.values()].some(({ canary, stable }) => canary > 0 && stable > 0);
  for (const { arm, key, value } of chosen) {
    const count = counts.get(key);
    if (count === undefined || (hasBoth && (count.canary === 0 || count.stable === 0))) continue;
    add(sides[arm], value, arm === "stable" && hasBoth ? count.canary / count.stable : 1);
  }
  const canary = limitsOf(sides.canary, q, alpha / 2);
  const stable = limitsOf(sides.stable, q, alpha / 2);
  const margin = stable.estimate === null ? null : marginOf(stable.estimate);
  const between = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);
  const lower = between(canary.lower, stable.upper);
  const upper = between(canary.upper, stable.lower);
  const mostHarm = direction === 1 ? upper : lower === null ? null : -lower;
  return {
    canary: { value: canary.estimate, conversations: sides.canary.conversations },
    stable: { value: stable.estimate, conversations: sides.stable.conversations },
    difference: between(canary.estimate, stable.estimate),
    lower,
    upper,
    isHarmRuledOut: mostHarm !== null && margin !== null && mostHarm < margin,
    margin,
    reversal: false,
    method: "quantile confidence sequence",
  };
}

interface Side {
  readonly samples: WeightedValue[];
  weight: number;
  squareWeight: number;
  conversations: number;
}

function emptySide(): Side {
  return { samples: [], weight: 0, squareWeight: 0, conversations: 0 };
}

function add(side: Side, { unit, samples }: UnitValue, weight: number): void {
  side.weight += weight;
  side.squareWeight += weight * weight;
  side.conversations += unit.records.length;
  for (const value of samples) side.samples.push({ value, weight: weight / samples.length });
}

function limitsOf({ samples, weight, squareWeight }: Side, q: number, alpha: number) {
  samples.sort((a, b) => a.value - b.value);
  const units = squareWeight === 0 ? 0 : (weight * weight) / squareWeight;
  return quantileConfidenceSequence(samples, units * (1 + 1e-12), q, alpha);
}
