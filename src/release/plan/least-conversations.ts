import { ALL_BPS } from "../../core/traffic-split.js";
import { alphaOfRule } from "./alpha-of-rule.js";
import { conversationsForDrop } from "./drop-size.js";
import type { RolloutRule } from "./release-plan.js";

/** Drop that a step must at least be able to show, when the policy does not say how many conversations it wants. */
const PLAIN_DROP = 0.2;
/** Of an unknown rate; the variance there, 0.25, is the largest of any. */
const UNKNOWN_RATE = 0.5;
/** Zero events in 30 bound the rate of an event at 10 %: below that nothing is known of a version. */
const FEWEST = 30;

/**
 * Conversations of the canary that a step waits for when the policy names no number: as many as show, with power 80 % at
 * what a rule has of the plan's alpha, that the canary succeeds 20 points less (or less by the smallest margin of a rate,
 * where that is wider). This tells a broken version from a good one, never a slightly worse one: `canary plan` says what
 * each step can tell.
 *
 * @param bps - share of the canary in the step, 1 to 10,000
 * @param rules - of the plan; those that are only observed want nothing
 * @returns at least 30
 */
export function leastConversations(
  bps: number,
  rules: readonly Pick<RolloutRule, "mode" | "threshold">[],
  alpha: number,
): number {
  const margins = rules
    .filter(
      ({ mode, threshold }) =>
        mode === "enforce" && threshold.unit === "percent" && threshold.change === "drop",
    )
    .map(({ threshold }) => Math.min(UNKNOWN_RATE, threshold.amount / 100));
  const drop = Math.max(PLAIN_DROP, margins.length === 0 ? 0 : Math.min(...margins));
  const stablePerCanary = bps === ALL_BPS ? Number.POSITIVE_INFINITY : (ALL_BPS - bps) / bps;
  const needed = conversationsForDrop(UNKNOWN_RATE, drop, {
    alpha: alphaOfRule(alpha, rules),
    stablePerCanary,
  });
  return Math.max(FEWEST, Math.ceil(needed));
}
