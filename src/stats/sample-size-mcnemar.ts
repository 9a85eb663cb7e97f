import { StatisticsError } from "./statistics-error.js";
import { designQuantiles, type TestDesign } from "./test-design.js";
import { requireProbability } from "./validate.js";

export interface SampleSizePairs {
  /** Before rounding up; `null` when the rates are equal. */
  readonly nExact: number | null;
  readonly nPairs: number | null;
}

/**
 * Number of cases, each run by both, for McNemar's test to see a difference.
 *
 * @param pBaselineOnly - rate of cases that pass in the baseline alone, in [0, 1]
 * @param pCurrentOnly - rate of cases that pass in the current run alone, in [0, 1]
 * @throws {StatisticsError} if a rate lies outside [0, 1], their sum exceeds 1, or alpha or power lie outside (0, 1)
 * @see Connor 1987, Biometrics 43(1):207
 */
export function sampleSizeMcnemar(
  pBaselineOnly: number,
  pCurrentOnly: number,
  design: TestDesign = {},
): SampleSizePairs {
  const { za, zb } = designQuantiles(design);
  const { discordant, difference } = discordance(pBaselineOnly, pCurrentOnly);
  if (difference === 0) return { nExact: null, nPairs: null };
  const needed = za * Math.sqrt(discordant) + zb * discordantSpread(discordant, difference);
  const nExact = (Math.max(0, needed) / difference) ** 2;
  return { nExact, nPairs: Math.max(1, Math.ceil(nExact)) };
}

/** @throws {StatisticsError} if a rate lies outside [0, 1], or their sum exceeds 1 */
export function discordance(pBaselineOnly: number, pCurrentOnly: number) {
  requireProbability("pBaselineOnly", pBaselineOnly);
  requireProbability("pCurrentOnly", pCurrentOnly);
  const discordant = pBaselineOnly + pCurrentOnly;
  if (discordant > 1 + Number.EPSILON) {
    throw new StatisticsError(`expected discordant rates that sum to at most 1, found ${discordant}`);
  }
  return { discordant, difference: Math.abs(pBaselineOnly - pCurrentOnly) };
}

/** Standard deviation of the difference of one pair. */
export function discordantSpread(discordant: number, difference: number): number {
  return Math.sqrt(Math.max(0, discordant - difference * difference));
}
