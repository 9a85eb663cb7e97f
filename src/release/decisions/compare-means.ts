import { mixtureRadius } from "../../stats/mixture-radius.js";
import { sprtDifference } from "../../stats/sprt-difference.js";
import {
  addSums,
  emptySums,
  type StratifiedDifference,
  type Stratum,
  stratifiedDifference,
  type WeightedSums,
} from "../../stats/stratified-difference.js";
import { type Comparison, type Selection, selected, type Tolerance } from "./comparison.js";
import type { ValueCell } from "./measure-values.js";

/** Below so few units of the canary, limits by the normal distribution are not given. */
const LEAST_UNITS = 20;
/** Variance at which a margin is found with 80 % power at 5 %, one-sided: margin² / (z₀.₉₅ + z₀.₈)². */
const RESOLVING = 6.182557232;

/**
 * Compares two means or rates within strata.
 *
 * @param kind - of the values: rates know their variance from the rate, events from their count
 */
export function compareMeans(
  cells: readonly ValueCell[],
  selection: Selection,
  tolerance: Tolerance,
  kind: "rate" | "events" | "mean",
): Comparison {
  const strata: Stratum[] = [];
  const all: Stratum = { canary: emptySums(), stable: emptySums() };
  const conversations = { canary: 0, stable: 0 };
  for (const cell of selected(cells, selection)) {
    const group = selection.groupOf(cell);
    const stratum = strata[group] ?? { canary: emptySums(), stable: emptySums() };
    strata[group] = stratum;
    addSums(stratum[cell.arm], cell.sums);
    addSums(all[cell.arm], cell.sums);
    conversations[cell.arm] += cell.conversations;
  }
  const found = stratifiedDifference(strata.filter((stratum) => stratum !== undefined));
  const canary = meanOf(all.canary);
  const stable = meanOf(all.stable);
  const margin = stable === null ? null : tolerance.marginOf(stable);
  const limits =
    margin === null || stable === null ? null : limitsOf(found, all, { stable, margin, kind }, tolerance);
  return {
    canary: { value: canary, conversations: conversations.canary },
    stable: { value: stable, conversations: conversations.stable },
    difference: found.difference,
    lower: limits?.lower ?? null,
    upper: limits?.upper ?? null,
    isHarmRuledOut: limits?.isHarmRuledOut ?? false,
    margin,
    reversal: found.reversal,
    method: "mixture confidence sequence (asymptotic)",
  };
}

function meanOf({ weight, total }: WeightedSums): number | null {
  return weight > 0 ? total / weight : null;
}

interface Scale {
  readonly stable: number;
  readonly margin: number;
  readonly kind: "rate" | "events" | "mean";
}

function limitsOf(
  { difference, effective, spread }: StratifiedDifference,
  all: Stratum,
  { stable, margin, kind }: Scale,
  { direction, alpha, beta }: Tolerance,
): Pick<Comparison, "lower" | "upper" | "isHarmRuledOut"> | null {
  if (difference === null || !(margin > 0)) return null;
  if (spread.canary === null || spread.stable === null || all.canary.units < LEAST_UNITS) return null;
  const spreadOf = (sums: WeightedSums, seen: number) => Math.max(seen, smoothedSpread(sums, kind));
  const of = {
    canary: spreadOf(all.canary, spread.canary),
    stable: spreadOf(all.stable, spread.stable),
  };
  const variance = of.canary / effective.canary + of.stable / effective.stable;
  if (!(variance > 0)) return null;
  const radius = mixtureRadius(variance, { tightAt: margin ** 2 / RESOLVING, alpha });
  // Under the harm that is to be ruled out, a canary without any failure still has the variance of the harm.
  const harmed = stable + direction * margin;
  const atHarm = kind === "mean" ? 0 : rateSpread(harmed, kind);
  const harmVariance = Math.max(of.canary, atHarm) / effective.canary + of.stable / effective.stable;
  const harm = direction * difference;
  const least = kind === "rate" ? -1 : Number.NEGATIVE_INFINITY;
  return {
    lower: Math.max(least, difference - radius),
    upper: Math.min(-least, difference + radius),
    isHarmRuledOut: sprtDifference(harm, harmVariance, { margin, alpha, beta }).verdict === "harmless",
  };
}

function smoothedSpread({ units, weight, total }: WeightedSums, kind: Scale["kind"]): number {
  if (kind === "mean") return 0;
  const mean = total / weight;
  // Of a rate in clusters of several requests the spread seen is the better one: one request is not a unit.
  return rateSpread((mean * units + 1) / (units + 2), kind) * Math.min(1, units / weight);
}

function rateSpread(rate: number, kind: Scale["kind"]): number {
  const bounded = Math.min(1, Math.max(0, rate));
  return kind === "rate" ? bounded * (1 - bounded) : Math.max(0, rate);
}
