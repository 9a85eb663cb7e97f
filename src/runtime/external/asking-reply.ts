import type { ExternalReply } from "./external-agent.js";

/** The reply of an agent that waits for the results of calls in the middle of its work. */
export function askingReply(calls: ExternalReply["calls"]): ExternalReply {
  return {
    text: null,
    calls,
    isPartial: true,
    finishReason: "tool_calls",
    usage: null,
    costUsd: null,
    model: null,
    isEscalated: false,
    steps: [],
    // What it did itself it says at the end of the turn.
    says: { tools: true, retrievals: true, modelCalls: false },
  };
}
