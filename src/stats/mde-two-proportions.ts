import { proportionContrast } from "./sample-size-two-proportions.js";
import { designQuantiles, leastDetected, type TestDesign } from "./test-design.js";
import { requireCount, requireProbability } from "./validate.js";

/**
 * Minimum detectable effect: the least drop below (or rise above) a pass rate that arms of a given size detect
 * with the wanted power, by inversion of the pooled sample-size formula.
 *
 * @param p1 - rate to depart from, in [0, 1]
 * @param nPerArm - cases in each arm
 * @param design.direction - `drop` (default) or `rise`
 * @returns absolute difference in (0, 1]; `null` when even a rate of 0 (1 for a rise) would not be detected
 * @throws {StatisticsError} if the rate lies outside [0, 1], alpha or power outside (0, 1), or the size is no count
 */
export function mdeTwoProportions(
  p1: number,
  nPerArm: number,
  design: TestDesign & { readonly direction?: "drop" | "rise" } = {},
): number | null {
  requireProbability("p1", p1);
  requireCount("nPerArm", nPerArm);
  const { za, zb } = designQuantiles(design);
  const sign = design.direction === "rise" ? 1 : -1;
  return leastDetected(sign === 1 ? 1 - p1 : p1, (difference) => {
    const p2 = Math.min(1, Math.max(0, p1 + sign * difference));
    const { nullSpread, spread } = proportionContrast(p1, p2);
    return Math.sqrt(nPerArm) * difference >= za * nullSpread + zb * spread;
  });
}
