import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message, Reasoning, ToolSpec } from "../../core/message.js";
import { embeddedModel } from "./embedded-model.js";

const ID = { type: "string", pattern: "^A-[0-9]{4}$", description: "Order number, such as A-1042." };

function tool(name: string, description: string): ToolSpec {
  return {
    name,
    description,
    parameters: { type: "object", properties: { order_id: ID }, required: ["order_id"] },
  };
}

const LOOKUP = tool("lookup_order", "Look up the status of one order.");
const TRACK = tool("track_order", "Track where an order is.");
const CONTEXT: Message = {
  role: "system",
  content:
    '<context>\n<document id="returns" title="Returns">\nYou can return a lamp within 30 days.\n</document>\n</context>',
};

async function reasoning(messages: readonly Message[], tools: readonly ToolSpec[] = []): Promise<Reasoning> {
  const reply = await embeddedModel.complete(
    { messages, tools, parameters: {}, position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 } },
    { signal: new AbortController().signal },
  );
  return reply.reasoning ?? expect.unreachable("no reasoning");
}

const user = (content: string): Message => ({ role: "user", content });

test("a tool without a rival is certain, one with a rival less so, and the rival is named", async () => {
  const alone = await reasoning([user("Please look up order A-1042")], [LOOKUP]);
  expect(alone).toMatchObject({ confidence: 1, alternatives: [] });
  const contested = await reasoning([user("Please look up and track order A-1042")], [LOOKUP, TRACK]);
  expect(contested.confidence).toBeGreaterThanOrEqual(0.5);
  expect(contested.confidence).toBeLessThan(0.7);
  expect(contested.alternatives).toHaveLength(1);
});

test("not to know is no confidence", async () => {
  const unknown = await reasoning([CONTEXT, user("What is the airspeed of a swallow?")]);
  expect(unknown.confidence).toBe(0);
});

test("confidence stays between 0 and 1 whatever is said", async () => {
  const words = fc.constantFrom(
    "look up",
    "track",
    "order",
    "A-1042",
    "lamp",
    "return",
    "what",
    "?",
    "please",
    "yes",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 8 }), async (parts) => {
      const { confidence } = await reasoning([CONTEXT, user(parts.join(" "))], [LOOKUP, TRACK]);
      expect(confidence ?? 0.5).toBeGreaterThanOrEqual(0);
      expect(confidence ?? 0.5).toBeLessThanOrEqual(1);
    }),
    { numRuns: 100 },
  );
});
