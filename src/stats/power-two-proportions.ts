import { normalCdf } from "./normal.js";
import { proportionContrast, type TwoProportionDesign } from "./sample-size-two-proportions.js";
import { designQuantiles } from "./test-design.js";
import { requireCount } from "./validate.js";

/**
 * Power to tell two pass rates apart with arms of a given size: the inverse of `sampleSizeTwoProportions`. A
 * significant difference in the wrong direction does not count.
 *
 * @param nPerArm - cases in each arm; 0 gives `null`
 * @returns chance in [0, 1]; `null` when both rates are the same 0 or 1, where nothing can vary
 * @throws {StatisticsError} if a rate lies outside [0, 1], alpha outside (0, 1), or the size is no count
 */
export function powerTwoProportions(
  p1: number,
  p2: number,
  nPerArm: number,
  design: Omit<TwoProportionDesign, "power"> = {},
): number | null {
  requireCount("nPerArm", nPerArm);
  const { za } = designQuantiles(design);
  const { distance, nullSpread, spread } = proportionContrast(p1, p2, design.method);
  if (nPerArm === 0) return null;
  const excess = Math.sqrt(nPerArm) * distance - za * nullSpread;
  if (spread === 0 && excess === 0) return null;
  return normalCdf(excess / spread);
}
