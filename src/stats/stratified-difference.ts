import { StatisticsError } from "./statistics-error.js";

/** Sums over the units of one arm in one stratum. A unit adds `weight` times `value`, most units weigh 1. */
export interface WeightedSums {
  units: number;
  weight: number;
  /** Σ w·y */
  total: number;
  /** Σ w² */
  squareWeight: number;
  /** Σ w²·y */
  crossTotal: number;
  /** Σ w²·y² */
  squareTotal: number;
}

export interface Stratum {
  readonly canary: WeightedSums;
  readonly stable: WeightedSums;
}

export interface StratifiedDifference {
  /** Canary minus stable within strata, weighted by n₁n₂/(n₁ + n₂); `null` when no stratum has both arms. */
  readonly difference: number | null;
  /** Variance of `difference`: of one unit over effective units, of both arms; `null` beside it, and with fewer than 2 units in an arm. */
  readonly variance: number | null;
  /** Variance of one unit within strata, by arm; `null` without a degree of freedom. */
  readonly spread: { readonly canary: number | null; readonly stable: number | null };
  /** How many units of one stratum would tell as much, by arm; 0 when no stratum has both. */
  readonly effective: { readonly canary: number; readonly stable: number };
  /** The same difference with all strata thrown together; `null` when an arm is empty. */
  readonly pooled: number | null;
  /** Simpson's paradox: the two differences have opposite signs. */
  readonly reversal: boolean;
}

export function emptySums(): WeightedSums {
  return { units: 0, weight: 0, total: 0, squareWeight: 0, crossTotal: 0, squareTotal: 0 };
}

/** Adds one unit; called for every conversation of every look, so that it changes `sums` instead of copying them. */
export function addUnit(sums: WeightedSums, value: number, weight = 1): void {
  sums.units += 1;
  sums.weight += weight;
  sums.total += weight * value;
  sums.squareWeight += weight * weight;
  sums.crossTotal += weight * weight * value;
  sums.squareTotal += weight * weight * value * value;
}

/** Adds the units of `from`; changes `sums`, as {@link addUnit} does. */
export function addSums(sums: WeightedSums, from: WeightedSums): void {
  sums.units += from.units;
  sums.weight += from.weight;
  sums.total += from.total;
  sums.squareWeight += from.squareWeight;
  sums.crossTotal += from.crossTotal;
  sums.squareTotal += from.squareTotal;
}

/**
 * Difference of two means over strata, of units that are independent of each other (clusters: reduce each to one unit
 * first). Weighted means are ratios of sums, with the linearised variance. The spread of an arm is taken within strata and
 * over all of them, since a stratum may hold a single unit of the canary.
 *
 * @throws {StatisticsError} on a sum that is not finite
 * @see Mantel and Haenszel 1959, JNCI 22(4):719; Cochran 1977, Sampling Techniques, §5 and §6
 */
export function stratifiedDifference(strata: readonly Stratum[]): StratifiedDifference {
  const spread = { canary: withinSpread(strata, "canary"), stable: withinSpread(strata, "stable") };
  const all = { canary: emptySums(), stable: emptySums() };
  let weights = 0;
  let sum = 0;
  const inverse = { canary: 0, stable: 0 };
  for (const { canary, stable } of strata) {
    for (const arm of [canary, stable]) {
      if (!Number.isFinite(arm.total + arm.squareTotal)) {
        throw new StatisticsError("expected finite values in every stratum");
      }
    }
    addSums(all.canary, canary);
    addSums(all.stable, stable);
    if (canary.units === 0 || stable.units === 0) continue;
    const weight = (canary.units * stable.units) / (canary.units + stable.units);
    weights += weight;
    sum += weight * (canary.total / canary.weight - stable.total / stable.weight);
    inverse.canary += weight ** 2 / canary.units;
    inverse.stable += weight ** 2 / stable.units;
  }
  const pooled =
    all.canary.units === 0 || all.stable.units === 0
      ? null
      : all.canary.total / all.canary.weight - all.stable.total / all.stable.weight;
  if (weights === 0) {
    return {
      difference: null,
      variance: null,
      spread,
      effective: { canary: 0, stable: 0 },
      pooled,
      reversal: false,
    };
  }
  const difference = sum / weights;
  const effective = { canary: weights ** 2 / inverse.canary, stable: weights ** 2 / inverse.stable };
  return {
    difference,
    variance:
      spread.canary === null || spread.stable === null
        ? null
        : spread.canary / effective.canary + spread.stable / effective.stable,
    spread,
    effective,
    pooled,
    reversal: pooled !== null && pooled * difference < 0,
  };
}

/** Variance of one unit's part in the mean of its stratum, times its units; `null` without a degree of freedom. */
function withinSpread(strata: readonly Stratum[], arm: keyof Stratum): number | null {
  let squares = 0;
  let freedom = 0;
  for (const stratum of strata) {
    const { units, weight, total, squareWeight, crossTotal, squareTotal } = stratum[arm];
    if (units < 2) continue;
    const mean = total / weight;
    const meanWeight = weight / units;
    squares +=
      Math.max(0, squareTotal - 2 * mean * crossTotal + mean * mean * squareWeight) / meanWeight ** 2;
    freedom += units - 1;
  }
  return freedom === 0 ? null : squares / freedom;
}
