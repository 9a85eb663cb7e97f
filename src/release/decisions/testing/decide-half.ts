import { SeededRandom } from "../../../stats/random.js";
import type { ConversationRecord } from "../../evidence/conversation-record.js";
import type { ReleaseEvidence } from "../../evidence/release-evidence.js";
import type { ReleasePlan } from "../../plan/release-plan.js";
import { decide } from "../decide.js";
import type { StepDecision } from "../step-decision.js";
import {
  type CanaryEffect,
  conversation,
  evidenceOf,
  HOUR,
  planOf,
  simulatedTraffic,
  stepLogs,
} from "./simulated-traffic.js";

/** One step at half of the traffic, decided at its end. */
export function decideHalf(
  conversations: readonly ConversationRecord[],
  rules: ReleasePlan["rules"],
  changes: {
    readonly evidence?: Partial<ReleaseEvidence>;
    readonly plan?: Partial<ReleasePlan>;
    readonly now?: number;
    readonly phase?: "bake" | "watch";
  } = {},
): StepDecision {
  const { evidence = {}, plan = {}, now = HOUR, phase = "bake" } = changes;
  const moment = { now, step: 0, steps: stepLogs([5000]), phase };
  return decide(evidenceOf(conversations, evidence), planOf([5000], rules, plan), moment);
}

/** Conversations of an hour at half of the traffic. */
export const traffic = (count: number, effect: CanaryEffect = {}, seed = 1) =>
  simulatedTraffic(new SeededRandom(seed), { count, from: 0, ms: HOUR, bps: 5000 }, effect);

/** Alternating arms, each with what `of` says. */
export function alternating(
  count: number,
  of: (arm: "canary" | "stable", index: number) => Partial<ConversationRecord>,
): ConversationRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const arm = (index * 7919) % 2 === 0 ? "canary" : "stable";
    return conversation(`c${index}`, arm, (index * HOUR) / count, 5000, of(arm, Math.floor(index / 2)));
  });
}
