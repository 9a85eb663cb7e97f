import type { ConversationPart } from "../conversation-part.js";
import { assessGrounding, type Grounding } from "./grounding.js";
import type { GroundingSettings } from "./settings.js";

/**
 * Keeps an agent from answering what its documents do not support: a reply that rests neither on grounded passages nor
 * on a tool that was called in the turn is replaced, and a person is offered.
 */
export function groundingPart({ threshold, answer }: GroundingSettings): ConversationPart {
  return {
    name: "grounding",
    open({ emit, log }) {
      let grounding: Grounding | null = null;
      return {
        onPassages(passages) {
          grounding = assessGrounding(passages, threshold);
          emit("grounding_assessed", { ...grounding });
          return passages;
        },
        onReply(text) {
          const asked = log.messages.findLastIndex((message) => message.role === "user");
          const acted = log.messages.slice(asked + 1).some((message) => message.role === "tool");
          return grounding === null || grounding.isGrounded || acted
            ? { kind: "pass", text }
            : { kind: "reply", text: answer, stop: "answered" };
        },
      };
    },
  };
}
