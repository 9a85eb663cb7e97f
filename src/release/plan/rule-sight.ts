import { normalUpperQuantile } from "../../stats/normal.js";
import { conversationsForDrop, type DropDesign, detectableDrop } from "./drop-size.js";

const POWER = 0.8;
const POWER_QUANTILE = normalUpperQuantile(1 - POWER);

/** A rate that a rule watches, and what it wants of it. */
export interface RateRule {
  /** Of stable, turned so that a drop is the harm: 1 - the rate where a rise is. In [0, 1]. */
  readonly goodRate: number;
  /** As a proportion, above 0. */
  readonly margin: number;
  /** Of this rule, one-sided. */
  readonly alpha: number;
  /** Of the whole plan: how often a harm of the margin may be ruled out. */
  readonly beta: number;
}

/** Conversations of both arms in a step. */
export interface ArmSizes {
  readonly canary: number;
  readonly stable: number;
}

/**
 * What looking at every moment adds to the normal quantile of alpha: the normal mixture that is tight where the plan ends
 * (t = n/8) has the limit √((1 + t/n) ln((n + t)/(t a²))), a = 2 alpha.
 *
 * @see Howard, Ramdas, McAuliffe, Sekhon 2021, Ann Statist 49(2):1055
 */
export function lookingPrice(alpha: number): number {
  const limit = Math.sqrt((1 + 1 / 8) * Math.log(9 / (2 * alpha) ** 2));
  return Math.max(0, limit - normalUpperQuantile(alpha));
}

/** Steps that are compared within themselves: as if all had been one step, of so many conversations of each arm. */
export function pooledSizes(steps: readonly ArmSizes[]): ArmSizes {
  const canary = steps.reduce((sum, step) => sum + step.canary, 0);
  const effective = steps.reduce((sum, step) => sum + harmonic(step), 0);
  return {
    canary,
    stable: effective >= canary ? Number.POSITIVE_INFINITY : (canary * effective) / (canary - effective),
  };
}

function harmonic({ canary, stable }: ArmSizes): number {
  return canary + stable === 0 ? 0 : (canary * stable) / (canary + stable);
}

/** Least drop that is proven with power 80 % at all looks; `null`: none. */
export function provenDrop({ goodRate, alpha }: RateRule, sizes: ArmSizes): number | null {
  if (!(sizes.canary > 0 && sizes.stable > 0)) return null;
  return detectableDrop(goodRate, sizes.canary, designOf(alpha, sizes));
}

function designOf(alpha: number, { canary, stable }: ArmSizes): DropDesign {
  return { alpha, power: POWER, stablePerCanary: stable / canary, lookingPrice: lookingPrice(alpha) };
}

/**
 * Least margin that is ruled out with power 80 % when the canary is as good as stable: Wald's test passes where
 * m²/(2V) - z_power m/√V reaches ln(1/beta).
 */
export function ruledOutMargin({ goodRate, beta }: RateRule, sizes: ArmSizes): number | null {
  if (!(sizes.canary > 0 && sizes.stable > 0)) return null;
  // The variance under harm holds the margin itself, so the least one is found by search.
  let [open, ruled] = [0, goodRate];
  if (!isRuledOut(ruled)) return null;
  for (let halving = 0; halving < 40; halving++) {
    const middle = (open + ruled) / 2;
    if (isRuledOut(middle)) ruled = middle;
    else open = middle;
  }
  return ruled;

  function isRuledOut(margin: number): boolean {
    return (
      conversationsToRuleOut({ goodRate, margin, alpha: beta, beta }, sizes.stable / sizes.canary) <=
      sizes.canary
    );
  }
}

/** Conversations of the canary after which a canary as good as stable has passed with power 80 %. */
export function conversationsToRuleOut(
  { goodRate, margin, beta }: RateRule,
  stablePerCanary: number,
): number {
  const distance = POWER_QUANTILE + Math.sqrt(POWER_QUANTILE ** 2 + 2 * Math.log(1 / beta));
  const fixed = normalUpperQuantile(0.05) + POWER_QUANTILE;
  const drop = Math.min(margin, goodRate);
  const atFixed = conversationsForDrop(goodRate, drop, { alpha: 0.05, power: POWER, stablePerCanary });
  return atFixed * (distance / fixed) ** 2;
}
