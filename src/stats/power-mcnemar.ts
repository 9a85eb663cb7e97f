import { normalCdf } from "./normal.js";
import { discordance, discordantSpread } from "./sample-size-mcnemar.js";
import { designQuantiles, type TestDesign } from "./test-design.js";
import { requireCount } from "./validate.js";

/**
 * Power of McNemar's test with a given number of cases: the inverse of `sampleSizeMcnemar`.
 *
 * @param pairs - cases run by both; 0 gives `null`
 * @returns chance in [0, 1]; `null` when no case is discordant
 * @throws {StatisticsError} if a rate lies outside [0, 1], their sum exceeds 1, alpha lies outside (0, 1), or
 *   `pairs` is no count
 */
export function powerMcnemar(
  pBaselineOnly: number,
  pCurrentOnly: number,
  pairs: number,
  design: Omit<TestDesign, "power"> = {},
): number | null {
  requireCount("pairs", pairs);
  const { za } = designQuantiles(design);
  const { discordant, difference } = discordance(pBaselineOnly, pCurrentOnly);
  const excess = Math.sqrt(pairs) * difference - za * Math.sqrt(discordant);
  const spread = discordantSpread(discordant, difference);
  if (pairs === 0 || discordant === 0 || (spread === 0 && excess === 0)) return null;
  return normalCdf(excess / spread);
}
