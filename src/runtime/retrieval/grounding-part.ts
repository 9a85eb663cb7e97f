import { STOP_WORDS } from "../../models/embedded/stop-words.js";
import type { ConversationPart } from "../conversation-part.js";
import { assessGrounding, type Grounding } from "./grounding.js";
import type { GroundingSettings } from "./settings.js";

/**
 * Keeps an agent from answering what its documents do not support: a reply that rests neither on grounded passages nor
 * on a tool that was called in the turn is replaced, and a person is offered.
 *
 * Not every message asks the documents: a reply that asks the user something back is let through, and so is one to a
 * message without a word that has a topic, such as a greeting or a yes.
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
          const isGrounded = grounding === null || grounding.isGrounded;
          const asksDocuments = hasTopic(log.messages[asked]?.content ?? "") && !text.trimEnd().endsWith("?");
          return isGrounded || acted || !asksDocuments
            ? { kind: "pass", text }
            : { kind: "reply", text: answer, stop: "answered" };
        },
      };
    },
  };
}

function hasTopic(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.some((word) => !STOP_WORDS.has(word));
}
