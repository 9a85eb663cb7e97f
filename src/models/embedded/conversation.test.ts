import { describe, expect, it } from "vitest";
import type { Message } from "../../core/message.js";
import { currentThread, readConsent } from "./conversation.js";

describe("readConsent", () => {
  it.each(["yes", "Yes, please.", "ok do it", "Sure!", "I confirm.", "Thanks, go ahead"])(
    "yes: %s",
    (text) => {
      expect(readConsent(text)).toBe("yes");
    },
  );
  it.each(["no", "Nope.", "Please don't cancel it", "Then no, keep the order.", "wait", "I changed my mind"])(
    "no: %s",
    (text) => {
      expect(readConsent(text)).toBe("no");
    },
  );
  it.each([
    "yes, but only one",
    "Yes, I ordered it, but I am not sure yet.",
    "maybe",
    "What does it cost?",
    "",
    "the yes-man called",
  ])("unclear: %s", (text) => {
    expect(readConsent(text)).toBe("unclear");
  });
});

describe("currentThread", () => {
  const say = (role: "user" | "assistant", content: string): Message => ({ role, content });

  it("goes back over the assistant's questions and tool calls, no further", () => {
    const messages: Message[] = [
      say("user", "old task"),
      say("assistant", "Done."),
      say("user", "cancel my order"),
      { role: "assistant", content: null, toolCalls: [{ id: "1", name: "list", arguments: {} }] },
      { role: "tool", toolCallId: "1", name: "list", content: "A-1" },
      say("assistant", "Which one? (A-1 or A-2)"),
      say("user", "A-1"),
    ];
    expect(currentThread(messages)).toEqual({
      latest: "A-1",
      texts: ["A-1", "cancel my order"],
      asked: "Which one? (A-1 or A-2)",
      questions: ["Which one? (A-1 or A-2)"],
    });
  });

  it("is empty without a user", () => {
    expect(currentThread([])).toEqual({ latest: "", texts: [], asked: null, questions: [] });
  });
});
