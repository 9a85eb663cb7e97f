import { normalCdf } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { designQuantiles, type TestDesign } from "./test-design.js";
import { requireCount, requireProbability } from "./validate.js";

/** One-sided by nature: only a current run that is worse counts. */
export type NoninferiorityDesign = Omit<TestDesign, "sides">;

export interface SampleSizeNoninferiority {
  /** Before rounding up; 0 when no case is discordant. */
  readonly nExact: number;
  readonly nPairs: number;
  /** Below this many cases the gate cannot pass even in perfect agreement (Tango's interval). */
  readonly leastToPass: number;
}

/**
 * Number of cases, each run by both, to show that the current run is worse by less than a margin when in truth
 * it is not worse.
 *
 * @param discordantRate - expected share of cases whose outcome differs between the runs, in [0, 1]
 * @param margin - largest drop that is tolerated, in (0, 1)
 * @param design.alpha - one-sided level, default 0.05
 * @throws {StatisticsError} if the rate lies outside [0, 1], or margin, alpha or power outside (0, 1)
 */
export function sampleSizeNoninferiorityPaired(
  discordantRate: number,
  margin: number,
  design: NoninferiorityDesign = {},
): SampleSizeNoninferiority {
  requireProbability("discordantRate", discordantRate);
  requireMargin(margin);
  const { za, zb } = designQuantiles({ ...design, sides: 1 });
  const nExact = (Math.max(0, za + zb) / margin) ** 2 * discordantRate;
  return {
    nExact,
    nPairs: Math.max(1, Math.ceil(nExact)),
    leastToPass: Math.floor((za * za * (1 - margin)) / margin) + 1,
  };
}

/**
 * Power of the paired non-inferiority test when in truth there is no difference.
 *
 * @param pairs - cases run by both; 0 gives `null`
 * @returns chance in [0, 1]; `null` when no case is discordant
 * @throws {StatisticsError} as `sampleSizeNoninferiorityPaired`, or if `pairs` is no count
 */
export function powerNoninferiorityPaired(
  discordantRate: number,
  margin: number,
  pairs: number,
  design: Omit<NoninferiorityDesign, "power"> = {},
): number | null {
  requireProbability("discordantRate", discordantRate);
  requireMargin(margin);
  requireCount("pairs", pairs);
  const { za } = designQuantiles({ ...design, sides: 1 });
  if (pairs === 0 || discordantRate === 0) return null;
  return normalCdf(margin * Math.sqrt(pairs / discordantRate) - za);
}

function requireMargin(margin: number): void {
  if (!(margin > 0 && margin < 1)) {
    throw new StatisticsError(`expected a margin between 0 and 1, found ${margin}`);
  }
}
