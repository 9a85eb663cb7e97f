import { designQuantiles, leastDetected, type TestDesign } from "../../stats/test-design.js";
import { requireProbability } from "../../stats/validate.js";

/** A drop to be seen between two arms of unequal size. */
export interface DropDesign extends TestDesign {
  /** Conversations of stable for each one of the canary: 99 at a share of 1 %; `Infinity` when stable's rate is known. */
  readonly stablePerCanary: number;
  /** Added to the quantile of alpha: what looking again and again costs; default 0. */
  readonly lookingPrice?: number;
}

/**
 * Conversations of the canary that show a drop: (z_alpha + z_power)² · [v + p_s(1 - p_s)/k] / drop², where v
 * is the larger of the canary's variance with and without the drop: a rate near 0 cannot be told from 0 by few.
 *
 * @param stableRate - in [0, 1]
 * @param drop - in (0, stableRate]
 * @param design.sides - default 1: only a drop counts
 * @returns not rounded; 0 when no arm varies
 * @throws {StatisticsError} if a rate, alpha or power is out of range
 */
export function conversationsForDrop(stableRate: number, drop: number, design: DropDesign): number {
  const canaryRate = stableRate - drop;
  requireProbability("stableRate", stableRate);
  requireProbability("stableRate - drop", canaryRate);
  const { za, zb } = designQuantiles({ ...design, sides: design.sides ?? 1 });
  const stableSpread = stableRate * (1 - stableRate);
  const spread =
    Math.max(canaryRate * (1 - canaryRate), stableSpread) + stableSpread / design.stablePerCanary;
  return ((za + (design.lookingPrice ?? 0) + zb) / drop) ** 2 * spread;
}

/**
 * The least drop that so many conversations of the canary show: the inverse of `conversationsForDrop`. With few
 * conversations it is larger than the shortcut z·√(p(1 - p)/n), since a canary at a worse rate varies more.
 *
 * @returns in (0, stableRate]; `null` when not even a canary that never succeeds would be seen
 * @throws {StatisticsError} if a rate, alpha or power is out of range
 */
export function detectableDrop(
  stableRate: number,
  canaryConversations: number,
  design: DropDesign,
): number | null {
  return leastDetected(
    stableRate,
    (drop) => conversationsForDrop(stableRate, drop, design) <= canaryConversations,
  );
}
