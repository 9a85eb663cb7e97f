import { discordantSpread } from "./sample-size-mcnemar.js";
import { designQuantiles, leastDetected, type TestDesign } from "./test-design.js";
import { requireCount, requireProbability } from "./validate.js";

/**
 * Minimum detectable effect of McNemar's test: the least difference of pass rates that a number of paired cases
 * detects with the wanted power, by inversion of Connor's formula.
 *
 * @param discordantRate - share of cases whose outcome differs between the runs, in [0, 1]
 * @param pairs - cases run by both
 * @returns absolute difference in (0, discordantRate]; `null` when even discordant cases that all point one way
 *   would not be detected
 * @throws {StatisticsError} if the rate lies outside [0, 1], alpha or power outside (0, 1), or `pairs` is no count
 */
export function mdeMcnemar(discordantRate: number, pairs: number, design: TestDesign = {}): number | null {
  requireProbability("discordantRate", discordantRate);
  requireCount("pairs", pairs);
  const { za, zb } = designQuantiles(design);
  return leastDetected(
    discordantRate,
    (difference) =>
      Math.sqrt(pairs) * difference >=
      za * Math.sqrt(discordantRate) + zb * discordantSpread(discordantRate, difference),
  );
}
