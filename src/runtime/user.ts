import type { Emit } from "../core/events.js";
import type { CaseInput } from "../core/golden-case.js";
import type { Message } from "../core/message.js";
import { USER_STOP_MARK } from "../core/recording.js";
import type { ModelCaller } from "./model-caller.js";

/** What the user does next: says something, or leaves. */
type UserMove = { readonly kind: "say"; readonly text: string } | { readonly kind: "leave" };

/** The other side of the conversation. */
export interface User {
  /** @param transcript - what was said so far, from the agent's point of view, without system and tools */
  next(transcript: readonly Message[]): Promise<UserMove>;
}

/** Says the given lines one after the other, then leaves. */
export function scriptedUser(lines: readonly string[]): User {
  let position = 0;
  return {
    next: async () => {
      const text = lines[position++];
      return text === undefined ? { kind: "leave" } : { kind: "say", text };
    },
  };
}

const SIMULATED_USER_PROMPT = `You play a customer who talks to a support agent. Your situation:

{goal}

Say one short message at a time, in the customer's words. Give only the facts above, only when they are asked for or
needed; if something is not stated above, say that you do not know it. When your goal is reached, or clearly cannot be
reached, answer with exactly ${USER_STOP_MARK}.`;

/**
 * A user played by a model that knows the goal of the case. A reply with {@link USER_STOP_MARK} ends the
 * conversation.
 */
export function simulatedUser(goal: string, call: ModelCaller, emit: Emit): User {
  return {
    next: async (transcript) => {
      const reply = await call({
        messages: [
          { role: "system", content: SIMULATED_USER_PROMPT.replace("{goal}", () => goal) },
          ...seenByTheUser(transcript),
        ],
        tools: [],
      });
      const text = reply.text ?? "";
      if (text.includes(USER_STOP_MARK)) {
        emit("msg_received", { role: "user", text });
        return { kind: "leave" };
      }
      return { kind: "say", text };
    },
  };
}

/** The same conversation with the roles swapped: the simulated user is the "assistant" of its own model. */
function seenByTheUser(transcript: readonly Message[]): Message[] {
  const opening: Message = { role: "user", content: "Hello, how can I help you today?" };
  const swapped = transcript.flatMap((message): Message[] => {
    if (message.role === "user") return [{ role: "assistant", content: message.content }];
    if (message.role === "assistant" && message.content !== null)
      return [{ role: "user", content: message.content }];
    return [];
  });
  return [opening, ...swapped];
}

/** Lines that a user with fixed words says, or `null` when the case needs a simulated user. */
export function fixedLines(input: CaseInput): readonly string[] | null {
  switch (input.kind) {
    case "text":
      return [input.text];
    case "messages": {
      const last = input.messages.at(-1);
      return last === undefined ? [] : [last.content];
    }
    case "user":
      return input.script;
  }
}
