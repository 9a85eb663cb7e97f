import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message, ToolSpec } from "../../core/message.js";
import { embeddedModel } from "./embedded-model.js";
import { readContext } from "./read-context.js";
import { plainText } from "./sentences.js";

const TOOLS: readonly ToolSpec[] = [
  {
    name: "cancel_order",
    description: "Cancel an order. Cannot be undone.",
    parameters: {
      type: "object",
      properties: {
        order_id: { type: "string", description: "such as A-1042" },
        reason: { type: "string", enum: ["delay", "other"] },
        confirmed: { type: "boolean" },
      },
      required: ["order_id", "reason"],
    },
  },
  {
    name: "getWeather",
    description: "Get the weather.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];
const position = { caseId: "case", trial: 0, speaker: "agent", turn: 0 } as const;

async function complete(messages: readonly Message[], tools: readonly ToolSpec[]) {
  const request = { messages, tools, parameters: {}, position };
  return embeddedModel.complete(request, { signal: new AbortController().signal });
}

function user(content: string): Message {
  return { role: "user", content };
}

function context(...documents: readonly (readonly [id: string, text: string])[]): Message {
  const elements = documents.map(([id, text]) => `<document id="${id}">\n${text}\n</document>`);
  return { role: "system", content: ["<context>", ...elements, "</context>"].join("\n") };
}

describe("properties", () => {
  const words = fc.constantFrom(
    "cancel",
    "order",
    "A-1042",
    "refund",
    "$20",
    "yes",
    "no",
    "warranty",
    "What",
    "is",
    "the",
    "my",
    "?",
    ".",
    "sensors",
    "e.g.",
    "[x]",
    "**bold**",
    "|",
    "- ",
    "\n\n",
    "# Head",
    "<document>",
    "</document>",
    "&amp;",
    "please",
    "I",
    "confirm",
    "24 months",
    "<!--",
  );
  const text = fc.oneof(
    fc.array(words, { maxLength: 30 }).map((parts) => parts.join(" ")),
    fc.string({ unit: "grapheme", maxLength: 200 }),
  );
  const message: fc.Arbitrary<Message> = fc.oneof(
    text.map((content): Message => ({ role: "user", content })),
    text.map((content): Message => ({ role: "assistant", content })),
    text.map((content): Message => ({ role: "system", content })),
    fc
      .oneof(text, fc.json())
      .map((content): Message => ({ role: "tool", toolCallId: "call_1", name: "lookup_order", content })),
    fc
      .array(fc.tuple(fc.stringMatching(/^[a-z0-9-]{1,8}$/), text.map(escapeText)), { maxLength: 4 })
      .map((documents) => context(...documents)),
  );
  const schema = fc.oneof(
    fc.constant(TOOLS),
    fc.array(
      fc.record({
        name: fc.string({ maxLength: 20 }),
        description: text,
        parameters: fc.dictionary(
          fc.constantFrom("type", "properties", "required", "x"),
          fc.jsonValue() as fc.Arbitrary<null>,
        ),
      }),
      { maxLength: 3 },
    ),
  );

  function escapeText(content: string): string {
    return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  }

  it("never throws, answers the same twice, and says or calls something", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 6 }), schema, async (messages, tools) => {
        const reply = await complete(messages, tools);
        expect(await complete(messages, [...tools])).toEqual(reply);
        expect((reply.text ?? "") !== "" || reply.toolCalls.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  const topic = fc.constantFrom("warranty", "sensors", "refund", "hub", "delivery", "24 months", "20 USD");
  const mark = fc.constantFrom(
    ".",
    "?",
    " e.g.",
    "\n\n",
    "\n- ",
    " **key** ",
    " <b>",
    " [x](y)",
    "\n| a | b |\n",
    " [note]",
    ":",
  );
  const document = fc
    .array(fc.tuple(fc.array(topic, { minLength: 1, maxLength: 5 }), mark), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.map(([topics, end]) => `${topics.join(" ")}${end}`).join(" "));

  it("cites only documents of the prompt and quotes them word for word", async () => {
    let checked = 0;
    const documents = fc.array(fc.tuple(fc.constantFrom("a", "b-1", "policy"), document.map(escapeText)), {
      minLength: 1,
      maxLength: 4,
    });
    const question = fc
      .array(topic, { minLength: 1, maxLength: 3 })
      .map((topics) => `What is the ${topics.join(" ")}?`);
    await fc.assert(
      fc.asyncProperty(documents, question, async (found, asked) => {
        const messages = [context(...found), user(asked)];
        const reply = await complete(messages, []);
        const passages = readContext(messages);
        const quotes = [...(reply.text ?? "").matchAll(/(.*?) \[([\p{L}\p{N}._-]+)\](?:\s|$)/gsu)];
        for (const [, quote = "", id] of quotes) {
          const own = passages.filter(({ documentId }) => documentId === id);
          checked += 1;
          expect(own.length).toBeGreaterThan(0);
          const flat = (content: string) =>
            content
              .replace(/[>|*+\-#]|\d+[.)]/g, " ")
              .replace(/\s+/g, " ")
              .trim();
          expect(own.some((passage) => flat(plainText(passage.text)).includes(flat(quote)))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(checked).toBeGreaterThan(50);
  });
});
