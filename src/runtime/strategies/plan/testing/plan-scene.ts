import type { ConversationLog } from "../../../conversation-log.js";
import type { Tool } from "../../../tools/tool.js";
import { agentOf, modelOf, openConversation, replyWith } from "../../testing/world.js";
import { planStrategy } from "../plan-strategy.js";

export const HANDOVER = "A person takes over.";

export function strategyOf(maxReplans = 2, threshold: number | null = null) {
  return planStrategy({ gate: { threshold, handover: HANDOVER }, maxReplans, maxSteps: 30 });
}

/** An agent that plans, in a conversation. */
export function scene(
  replies: Parameters<typeof modelOf>[0],
  tools: readonly Tool[],
  strategy = strategyOf(),
  log?: ConversationLog,
) {
  const model = modelOf(replies);
  return {
    model,
    ...openConversation(agentOf(model, { strategy, tools }), log === undefined ? {} : { log }),
  };
}

/** A reply that is a plan. */
export const planned = (steps: readonly object[], more: object = {}) =>
  replyWith({ json: { thought: "So.", steps, ...more } });

export const step = (id: string, tool: string, args: object = {}, more: object = {}) => ({
  id,
  tool,
  arguments: args,
  ...more,
});
