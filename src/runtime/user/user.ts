import type { CaseInput } from "../../core/golden-case.js";
import type { Message } from "../../core/message.js";

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
