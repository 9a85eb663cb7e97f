import type { ModelReply } from "../../../core/message.js";
import type { CompleteOptions, Model, ModelRequest } from "../../model.js";

export const REQUEST: ModelRequest = {
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  parameters: {},
  position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
};

export function replyOf(text: string, costUsd: number | null = null): ModelReply {
  return { text, toolCalls: [], finishReason: "stop", usage: null, costUsd, model: text };
}

/** A model that does what a function says, call by call. */
export function modelOf(
  name: string,
  answer: (call: number, options: CompleteOptions) => Promise<ModelReply>,
): Model & { readonly calls: number } {
  let calls = 0;
  return {
    provider: "test",
    name,
    get calls() {
      return calls;
    },
    complete(_request, options) {
      calls += 1;
      return answer(calls, options);
    },
  };
}
