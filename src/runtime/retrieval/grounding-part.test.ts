import { describe, expect, it } from "vitest";
import type { Emit } from "../../core/events.js";
import type { Message } from "../../core/message.js";
import type { ConversationContext } from "../conversation-part.js";
import { groundingPart } from "./grounding-part.js";
import { document, retrieverOf, searchNow } from "./testing/make-retriever.js";

const DOCUMENTS = [
  document("returns", "Products may be returned within 30 days of delivery.", { title: "Returns" }),
  document("hours", "Support answers from nine to five.", { title: "Support hours" }),
];

/** What the user reads when the model answers `reply`, after calling tools or not, and what was recorded. */
async function answerTo(message: string, reply: string, calls = 0) {
  const events: [string, unknown][] = [];
  const emit: Emit = (type, payload) => void events.push([type, payload]);
  const part = groundingPart({ threshold: 0.6, answer: "I don't know." });
  const messages: Message[] = [{ role: "user", content: message }];
  const hooks = part.open({ emit, log: { messages } } as unknown as ConversationContext);
  const retriever = await retrieverOf(DOCUMENTS, { method: "hybrid" });
  await hooks.onPassages?.(searchNow(retriever, message));
  for (let call = 0; call < calls; call += 1) {
    messages.push({ role: "tool", toolCallId: `${call}`, name: "cancel_order", content: "done" });
  }
  return { text: (await hooks.onReply?.(reply))?.text, events };
}

describe("groundingPart", () => {
  it("lets an answer through that the documents support, and records why", async () => {
    const { text, events } = await answerTo(
      "Within how many days of delivery may products be returned?",
      "30 days.",
    );
    expect(text).toBe("30 days.");
    expect(events).toMatchObject([["grounding_assessed", { isGrounded: true, threshold: 0.6 }]]);
  });

  it("replaces an answer that they do not", async () => {
    const { text, events } = await answerTo("Which wine goes with salmon?", "A dry white one.");
    expect(text).toBe("I don't know.");
    expect(events).toMatchObject([["grounding_assessed", { isGrounded: false }]]);
  });

  it("lets pass what does not answer from documents", async () => {
    expect((await answerTo("Please cancel order 12345", "It is cancelled.", 1)).text).toBe(
      "It is cancelled.",
    );
    expect((await answerTo("Please cancel my order", "Which order do you mean?")).text).toBe(
      "Which order do you mean?",
    );
    expect((await answerTo("Hello, thank you!", "You are welcome.")).text).toBe("You are welcome.");
  });
});
