import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpanPrices } from "./call-cost.js";
import { protobufSpans } from "./protobuf-spans.js";
import { readTrace } from "./read-trace.js";
import type { Span } from "./span.js";
import { spanOf } from "./testing/span-of.js";

const prices = new SpanPrices(() => Date.UTC(2026, 10, 21));
const read = (spans: readonly Span[]) => readTrace(spans, null, prices);
const fixture = (name: string) =>
  protobufSpans(readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url))).spans;

const CHAT = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.input_tokens": 1000,
  "gen_ai.usage.output_tokens": 100,
};
const kinds = async (spans: readonly Span[]) => (await read(spans)).steps.map(({ kind }) => kind);

describe("a trace", () => {
  it("tells of model calls with their price, of tool calls and of what failed", async () => {
    const { steps, says, text, error } = await read(fixture("agent.pb"));
    expect(steps).toEqual([
      {
        kind: "model",
        provider: "openai",
        model: "gpt-4o-2024-08-06",
        text: null,
        finishReason: "tool_calls",
        usage: { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 200 },
        // 800 × 2.5 + 200 × 1.25 + 100 × 10 US dollars for a million.
        costUsd: expect.closeTo(0.00325, 12),
        durationMs: 500,
        firstTokenMs: null,
        error: null,
      },
      {
        kind: "tool",
        name: "find_order",
        arguments: { id: 7 },
        result: '{"status":"shipped ✓"}',
        isError: false,
        durationMs: 25,
      },
      {
        kind: "tool",
        name: "refund",
        arguments: {},
        result: "TypeError: no such payment",
        isError: true,
        durationMs: 3,
      },
      expect.objectContaining({
        kind: "model",
        text: "It has shipped.",
        finishReason: "stop",
        durationMs: 340,
      }),
    ]);
    expect(says).toEqual({ tools: true, retrievals: false, modelCalls: true });
    expect([text, error]).toEqual(["It has shipped.", null]);
  });

  // Spans of ToolLoopAgent of ai 6.0.326, recorded by sdk-trace-base 2.12.1: the sums on the outer span do not count.
  it("of the Vercel AI SDK is read as it sends it", async () => {
    const { steps, text } = await read(fixture("ai-sdk.pb"));
    expect(steps).toMatchObject([
      {
        kind: "model",
        provider: "openai.responses",
        model: "gpt-4o",
        finishReason: "tool-calls",
        usage: { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 200 },
        costUsd: expect.closeTo(0.00325, 12),
      },
      { kind: "tool", name: "find_order", arguments: { id: 7 }, result: '{"status":"shipped","id":7}' },
      { kind: "model", text: "It has shipped.", usage: { inputTokens: 1200, outputTokens: 50 } },
    ]);
    expect(text).toBe("It has shipped.");
  });

  it("reads the same whatever order its spans come in", async () => {
    const spans = fixture("agent.pb");
    const expected = await read(spans);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...spans], { minLength: spans.length }), async (shuffled) => {
        expect(await read(shuffled)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("counts a call once that two libraries have put spans around", async () => {
    const spans = [
      spanOf("1", {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 100,
      }),
      spanOf(
        "2",
        { "openinference.span.kind": "LLM", "llm.output_messages.0.message.content": "Hello" },
        { parent: "1" },
      ),
      spanOf("3", { "http.request.method": "POST" }, { parent: "2" }),
      spanOf("4", CHAT, { parent: "3" }),
      spanOf(
        "5",
        { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "find" },
        { parent: "1", fromMs: 5, toMs: 9 },
      ),
      spanOf(
        "6",
        {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "find",
          "gen_ai.tool.call.result": "found",
          "gen_ai.tool.call.arguments": '{"id":1}',
        },
        { parent: "5", fromMs: 6, toMs: 8 },
      ),
    ];
    const { steps, text } = await read(spans);
    expect(steps).toMatchObject([
      {
        kind: "model",
        text: "Hello",
        usage: { inputTokens: 1000, outputTokens: 100 },
        costUsd: expect.closeTo(0.0035, 12),
      },
      { kind: "tool", name: "find", arguments: { id: 1 }, result: "found", durationMs: 4 },
    ]);
    expect(text).toBe("Hello");
  });

  it("counts the calls of an agent that a tool runs apart", async () => {
    const spans = [
      spanOf("1", { "gen_ai.operation.name": "invoke_agent" }),
      spanOf("2", CHAT, { parent: "1", fromMs: 1 }),
      spanOf(
        "3",
        { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ask" },
        { parent: "1", fromMs: 2 },
      ),
      spanOf("4", { "gen_ai.operation.name": "invoke_agent" }, { parent: "3", fromMs: 3 }),
      spanOf("5", CHAT, { parent: "4", fromMs: 4 }),
      spanOf(
        "6",
        { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ask" },
        { parent: "4", fromMs: 5 },
      ),
    ];
    expect(await kinds(spans)).toEqual(["model", "tool", "model", "tool"]);
  });

  it("takes the tokens of an agent that shows no calls as one call", async () => {
    const spans = [spanOf("1", { ...CHAT, "gen_ai.operation.name": "invoke_agent" })];
    expect((await read(spans)).steps).toMatchObject([{ kind: "model", usage: { inputTokens: 1000 } }]);
  });

  it("reads searches with their documents, in the form of OpenTelemetry and of OpenInference", async () => {
    const spans = [
      spanOf("1", {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.retrieval.query.text": "returns",
        "gen_ai.retrieval.documents": '[{"id":"a","score":0.9},{"id":"b"}]',
      }),
      spanOf(
        "2",
        {
          "openinference.span.kind": "RETRIEVER",
          "input.value": "refunds",
          "retrieval.documents.1.document.id": "d",
          "retrieval.documents.1.document.score": 0.2,
          "retrieval.documents.0.document.id": "c",
          "retrieval.documents.0.document.score": 0.7,
          "retrieval.documents.0.document.content": "Within 30 days.",
        },
        { fromMs: 1, toMs: 3 },
      ),
    ];
    const { steps, says } = await read(spans);
    expect(steps).toEqual([
      {
        kind: "retrieval",
        query: "returns",
        chunks: [
          { documentId: "a", score: 0.9 },
          { documentId: "b", score: 0.5 },
        ],
        durationMs: 0,
      },
      {
        kind: "retrieval",
        query: "refunds",
        chunks: [
          { documentId: "c", text: "Within 30 days.", score: 0.7 },
          { documentId: "d", score: 0.2 },
        ],
        durationMs: 2,
      },
    ]);
    expect(says).toEqual({ tools: false, retrievals: true, modelCalls: false });
  });

  it("finds tool calls without spans in the messages of the model calls", async () => {
    const call = [
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "find", arguments: { id: 1 } }] },
    ];
    const after = [
      ...call,
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: { is: "here" } }] },
    ];
    const spans = [
      spanOf("1", { ...CHAT, "gen_ai.output.messages": JSON.stringify(call) }, { toMs: 3 }),
      spanOf("2", { ...CHAT, "gen_ai.input.messages": after }, { fromMs: 9 }),
    ];
    expect((await read(spans)).steps[1]).toEqual({
      kind: "tool",
      name: "find",
      arguments: { id: 1 },
      result: '{"is":"here"}',
      isError: false,
      durationMs: null,
    });
  });

  it("does not say that there were no tool calls when nobody would have seen them", async () => {
    const says = async (attributes: object) =>
      (await read([spanOf("1", { ...CHAT, ...attributes })])).says.tools;
    expect(await says({})).toBe(false);
    expect(await says({ "gen_ai.response.finish_reasons": ["tool_calls"] })).toBe(false);
    expect(await says({ "gen_ai.response.finish_reasons": ["stop"] })).toBe(true);
  });

  it("has the answer and the error of the root span that continues the trigger", async () => {
    const output = JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: "Bye" }] }]);
    const spans = [
      spanOf("2", CHAT, { parent: "1", status: { code: "error", message: "rate limited" } }),
      spanOf(
        "1",
        { "gen_ai.output.messages": output },
        { parent: "abc", status: { code: "error", message: "gave up" } },
      ),
    ];
    const { text, error, steps } = await readTrace(spans, "abc".padStart(16, "0"), prices);
    expect([text, error]).toEqual(["Bye", "gave up"]);
    expect(steps).toMatchObject([{ kind: "model", error: "rate limited" }]);
  });

  it("tells of failures that the agent got over, where they began and once", async () => {
    const failed = { code: "error", message: "index is down" } as const;
    const spans = [
      spanOf("1", { "gen_ai.operation.name": "invoke_agent" }, { status: failed }),
      spanOf("2", { "gen_ai.operation.name": "retrieval" }, { parent: "1", fromMs: 1, status: failed }),
      spanOf("3", { "db.system": "qdrant" }, { parent: "2", fromMs: 2, name: "search", status: failed }),
      spanOf("4", { "gen_ai.operation.name": "execute_tool" }, { parent: "1", fromMs: 3, status: failed }),
    ];
    const { steps } = await read(spans);
    expect(steps).toMatchObject([
      { kind: "retrieval" },
      { kind: "failure", message: 'the span "search" ended in error: index is down' },
      { kind: "tool", isError: true },
    ]);
  });

  it("is read to its end where spans are each other's parents", async () => {
    expect(await kinds([spanOf("1", CHAT, { parent: "2" }), spanOf("2", {}, { parent: "1" })])).toEqual([
      "model",
    ]);
  });
});

describe("the messages of older conventions", () => {
  const cases: readonly (readonly [name: string, span: Span])[] = [
    [
      "events of OpenTelemetry up to 1.36",
      spanOf("1", CHAT, {
        events: [
          {
            name: "gen_ai.choice",
            timeNano: 0n,
            attributes: new Map([
              ["message", '{"role":"assistant","content":"Hi [1] \\"x\\""}'],
              ["finish_reason", "stop"],
            ]),
          },
        ],
      }),
    ],
    [
      "flat attributes of OpenLLMetry",
      spanOf("1", {
        ...CHAT,
        "gen_ai.completion.0.content": 'Hi [1] "x"',
        "gen_ai.completion.0.finish_reason": "stop",
      }),
    ],
    [
      "OpenInference",
      spanOf("1", {
        ...CHAT,
        "llm.output_messages.0.message.contents.0.message_content.type": "text",
        "llm.output_messages.0.message.contents.0.message_content.text": 'Hi [1] "x"',
        "llm.output_messages.0.message.finish_reason": "stop",
      }),
    ],
    [
      "the AI SDK",
      spanOf("1", { ...CHAT, "ai.response.text": 'Hi [1] "x"', "ai.response.finishReason": "stop" }),
    ],
  ];
  it.each(cases)("are read: %s", async (_, span) => {
    expect((await read([span])).steps).toMatchObject([{ text: 'Hi [1] "x"', finishReason: "stop" }]);
  });

  it("keep an answer that is JSON as it was written", async () => {
    const span = spanOf("1", { ...CHAT, "gen_ai.completion.0.content": '[ "a",  "b" ]' });
    expect((await read([span])).text).toBe('[ "a",  "b" ]');
  });
});

describe("the price of a call", () => {
  const costOf = async (attributes: object) => {
    const [step] = (await read([spanOf("1", { ...CHAT, ...attributes })])).steps;
    return step?.kind === "model" ? step.costUsd : undefined;
  };

  it("is what the span says, or what the list says, and missing otherwise", async () => {
    expect(await costOf({ "gen_ai.usage.cost": 0.5 })).toBe(0.5);
    expect(await costOf({})).toBeCloseTo(0.0035, 12);
    expect(await costOf({ "server.address": "api.openai.com" })).toBeCloseTo(0.0035, 12);
    expect(await costOf({ "server.address": "127.0.0.1" })).toBeNull();
    expect(await costOf({ "gen_ai.request.model": "no-such-model" })).toBeNull();
    expect(await costOf({ "gen_ai.provider.name": "my-gateway" })).toBeNull();
    expect(await costOf({ "gen_ai.usage.output_tokens": null })).toBeNull();
  });

  it("counts cached tokens that were reported apart to the input", async () => {
    const [step] = (await read([spanOf("1", { ...CHAT, "gen_ai.usage.cache_read.input_tokens": 5000 })]))
      .steps;
    expect(step).toMatchObject({ usage: { inputTokens: 6000, cachedInputTokens: 5000 } });
  });
});
