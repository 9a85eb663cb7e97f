import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelReply } from "../core/message.js";
import type { CompleteOptions, Model, ModelRequest } from "./model.js";
import { redactingModel } from "./redact.js";

const SECRET = "sk-0123456789abcdef";
const REQUEST: ModelRequest = {
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  parameters: {},
  position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
};
const REPLY: ModelReply = {
  text: "hello",
  toolCalls: [{ id: "a", name: "look", arguments: { query: ["x", { deep: 1 }] } }],
  finishReason: "stop",
  usage: { inputTokens: 1, outputTokens: 2 },
  costUsd: 0.5,
  model: "m",
};

function saying(reply: ModelReply, pieces: readonly string[] = []): Model {
  return {
    provider: "test",
    name: "m",
    async complete(_request, { onText }) {
      for (const piece of pieces) onText?.(piece);
      return reply;
    },
  };
}

function ask(model: Model, options: Partial<CompleteOptions> = {}): Promise<ModelReply> {
  return model.complete(REQUEST, { signal: new AbortController().signal, ...options });
}

async function piecesOf(pieces: readonly string[], secrets: readonly string[]): Promise<string[]> {
  const seen: string[] = [];
  await ask(redactingModel(saying(REPLY, pieces), secrets), { onText: (piece) => seen.push(piece) });
  return seen;
}

describe("redactingModel", () => {
  test("blacks a secret out in the text and in tool calls, keys and nested values included", async () => {
    const quoted = 'pass"word\\1';
    const reply: ModelReply = {
      ...REPLY,
      text: `your key is ${SECRET}, twice: ${SECRET}`,
      toolCalls: [
        {
          id: "a",
          name: "look",
          arguments: { [`k-${SECRET}`]: 1, list: [{ token: `Bearer ${SECRET}` }], quoted, none: null },
        },
        { id: "b", name: "look", arguments: {}, malformedArguments: `{"q": ${JSON.stringify(quoted)}` },
      ],
    };
    const answer = await ask(redactingModel(saying(reply), [SECRET, quoted]));
    expect(answer).toEqual({
      ...REPLY,
      text: "your key is [redacted], twice: [redacted]",
      toolCalls: [
        {
          id: "a",
          name: "look",
          arguments: {
            "k-[redacted]": 1,
            list: [{ token: "Bearer [redacted]" }],
            quoted: "[redacted]",
            none: null,
          },
        },
        { id: "b", name: "look", arguments: {}, malformedArguments: '{"q": "[redacted]"' },
      ],
    });
  });

  test("leaves other replies and short values alone", async () => {
    expect(await ask(redactingModel(saying(REPLY), [SECRET, "hello", ""]))).toEqual(REPLY);
    const model = saying(REPLY);
    expect(redactingModel(model, ["hello", ""])).toBe(model);
  });

  test("blacks out the longer of two secrets that start alike", async () => {
    const reply = { ...REPLY, text: `${SECRET}-more ${SECRET}` };
    const answer = await ask(redactingModel(saying(reply), [SECRET, `${SECRET}-more`]));
    expect(answer.text).toBe("[redacted] [redacted]");
  });

  test("holds a piece back only while it may start a secret", async () => {
    expect(await piecesOf(["a ", "sk-", "iing ", "end sk"], [SECRET])).toEqual([
      "a ",
      "sk-iing ",
      "end ",
      "sk",
    ]);
  });

  test("streams the same text as the whole reply, however it is cut", async () => {
    const texts = fc.array(fc.constantFrom(SECRET, "sk-", "0123", "x ", SECRET.slice(0, 9)), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const text = parts.join("");
        const pieces = text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
        const whole = await ask(redactingModel(saying({ ...REPLY, text }), [SECRET]));
        expect((await piecesOf(pieces, [SECRET])).join("")).toBe(whole.text);
      }),
    );
  });
});
