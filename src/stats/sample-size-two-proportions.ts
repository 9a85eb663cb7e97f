import { StatisticsError } from "./statistics-error.js";
import { designQuantiles, type TestDesign } from "./test-design.js";
import { requireProbability } from "./validate.js";

/**
 * How the variance without a difference is taken: `pooled` (the default; as R's power.prop.test), `average` (the
 * mean rate throughout), `unpooled` (each arm's own), `arcsine` (of the transformed rates).
 */
export type ProportionMethod = (typeof METHODS)[number];

const METHODS = ["pooled", "average", "unpooled", "arcsine"] as const;

export interface TwoProportionDesign extends TestDesign {
  readonly method?: ProportionMethod;
}

export interface SampleSizePerArm {
  /** Before rounding up; `null` when the rates are equal, since no sample shows a difference that is not there. */
  readonly nExact: number | null;
  readonly nPerArm: number | null;
}

/**
 * Size of each arm to tell two pass rates apart in runs on different cases. 0.95 against 0.98, two-sided 5 %,
 * power 80 % takes 588 an arm pooled, 590 average, 586 unpooled, 562 arcsine. A published "4293 per arm" for this
 * is wrong.
 *
 * @param p1 - rate of one arm, in [0, 1]
 * @param p2 - rate of the other, in [0, 1]
 * @throws {StatisticsError} if a rate lies outside [0, 1], or alpha or power outside (0, 1)
 * @see Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, chapter 4; Cohen 1988 (arcsine)
 */
export function sampleSizeTwoProportions(
  p1: number,
  p2: number,
  design: TwoProportionDesign = {},
): SampleSizePerArm {
  const { za, zb } = designQuantiles(design);
  const { distance, nullSpread, spread } = proportionContrast(p1, p2, design.method);
  if (distance === 0) return { nExact: null, nPerArm: null };
  const nExact = (Math.max(0, za * nullSpread + zb * spread) / distance) ** 2;
  return { nExact, nPerArm: Math.max(1, Math.ceil(nExact)) };
}

export interface ProportionContrast {
  /** The difference on the scale of the method, never negative. */
  readonly distance: number;
  /** Standard deviation of the difference for arms of one case: without a difference, and with it. */
  readonly nullSpread: number;
  readonly spread: number;
}

/** @throws {StatisticsError} if a rate lies outside [0, 1], or on an unknown method */
export function proportionContrast(
  p1: number,
  p2: number,
  method: ProportionMethod = "pooled",
): ProportionContrast {
  requireProbability("p1", p1);
  requireProbability("p2", p2);
  if (!METHODS.includes(method)) {
    throw new StatisticsError(`expected the method ${METHODS.join(", ")}, found ${String(method)}`);
  }
  if (method === "arcsine") {
    const distance = Math.abs(Math.asin(Math.sqrt(p1)) - Math.asin(Math.sqrt(p2)));
    return { distance, nullSpread: Math.SQRT1_2, spread: Math.SQRT1_2 };
  }
  const distance = Math.abs(p1 - p2);
  const mean = (p1 + p2) / 2;
  const common = Math.sqrt(2 * mean * (1 - mean));
  const own = Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return {
    distance,
    nullSpread: method === "unpooled" ? own : common,
    spread: method === "average" ? common : own,
  };
}
