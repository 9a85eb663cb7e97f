import { describe, expect, it } from "vitest";
import type { Wire } from "./api-routes.js";
import { StreamedAnswerReader } from "./streamed-answer.js";
import { WholeAnswerReader } from "./whole-answer.js";

function readStream(wire: Wire, events: readonly (object | string)[]) {
  let firstAt = -1;
  let at = 0;
  const reader = new StreamedAnswerReader(wire, () => {
    firstAt = at;
  });
  for (const event of events) {
    const data = typeof event === "string" ? event : JSON.stringify(event);
    reader.push(Buffer.from(`data: ${data}\n\n`));
    at += 1;
  }
  reader.end();
  return { ...reader.facts, pieces: reader.pieces, firstAt };
}

const chunk = (delta: object, reason: string | null = null, rest: object = {}) => ({
  model: "modell-ü",
  choices: [{ index: 0, delta, finish_reason: reason }],
  ...rest,
});
const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };

describe("a streamed chat", () => {
  it("tells usage in a last chunk without choices, reasoning and cached tokens too", () => {
    const usage = {
      ...USAGE,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    const events = [
      chunk({ role: "assistant", content: "" }),
      chunk({ content: 'say "finish_reason": "x"' }),
      chunk({ content: "b" }),
      chunk({}, "length"),
      { model: "modell-ü", choices: [], usage },
      "[DONE]",
    ];
    expect(readStream("chat", events)).toEqual({
      model: "modell-ü",
      usage: { inputTokens: 9, outputTokens: 3, cachedInputTokens: 4, reasoningTokens: 2 },
      finishReason: "length",
      hasFailed: false,
      isComplete: true,
      pieces: 2,
      firstAt: 1,
    });
  });

  it("may tell usage with every chunk, as vLLM can; the last one counts", () => {
    const events = [
      chunk({ content: "a" }, null, { usage: { ...USAGE, completion_tokens: 1 } }),
      chunk({ content: "b" }, "stop", { usage: USAGE }),
    ];
    expect(readStream("chat", events)).toMatchObject({
      usage: { outputTokens: 3 },
      finishReason: "stop",
      isComplete: true,
    });
  });

  it.each([
    { tool_calls: [{ index: 0 }] },
    { reasoning_content: "hm" },
    { reasoning: "hm" },
    { refusal: "no" },
  ])("begins with %j, too", (delta) => {
    expect(readStream("chat", [chunk({ role: "assistant" }), chunk(delta)])).toMatchObject({ firstAt: 1 });
  });

  it("may fail behind a 200, at its start and after text", () => {
    const error = { error: { message: "out of memory" } };
    expect(readStream("chat", [error, "[DONE]"])).toMatchObject({ hasFailed: true });
    expect(readStream("chat", [chunk({ content: "a" }), error])).toMatchObject({ hasFailed: true });
  });

  it("is read past what is no JSON", () => {
    expect(readStream("chat", ["nonsense", "[]", "null", chunk({ content: "a" }, "stop")])).toMatchObject({
      finishReason: "stop",
    });
  });
});

it("reads streamed completions", () => {
  const events = [
    { choices: [{ text: "a", finish_reason: null }] },
    { choices: [{ text: "", finish_reason: "stop" }], usage: USAGE },
  ];
  expect(readStream("completions", events)).toMatchObject({ finishReason: "stop", pieces: 1, firstAt: 0 });
});

describe("a stream of responses", () => {
  const usage = { input_tokens: 8, output_tokens: 5, output_tokens_details: { reasoning_tokens: 1 } };

  it("tells everything in its last event", () => {
    const events = [
      { type: "response.created", response: { model: "m", status: "in_progress", usage: null } },
      { type: "response.output_text.delta", delta: "a" },
      { type: "response.output_text.delta", delta: "b" },
      { type: "response.completed", response: { model: "m-1", status: "completed", usage } },
    ];
    expect(readStream("responses", events)).toEqual({
      model: "m-1",
      usage: { inputTokens: 8, outputTokens: 5, reasoningTokens: 1 },
      finishReason: "completed",
      hasFailed: false,
      isComplete: true,
      pieces: 2,
      firstAt: 1,
    });
  });

  it("tells why it is incomplete, or failed", () => {
    const incomplete = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    expect(readStream("responses", [{ type: "response.incomplete", response: incomplete }])).toMatchObject({
      finishReason: "max_output_tokens",
      isComplete: true,
    });
    expect(
      readStream("responses", [{ type: "response.failed", response: { status: "failed" } }]),
    ).toMatchObject({ hasFailed: true });
  });
});

describe("a stream of messages", () => {
  it("adds cached input to the input, and takes the last counts", () => {
    const events = [
      {
        type: "message_start",
        message: {
          model: "c",
          usage: {
            input_tokens: 5,
            output_tokens: 1,
            cache_read_input_tokens: 20,
            cache_creation_input_tokens: 7,
          },
        },
      },
      { type: "ping" },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "b" } },
      { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 9 } },
      { type: "message_stop" },
    ];
    expect(readStream("messages", events)).toEqual({
      model: "c",
      usage: { inputTokens: 32, outputTokens: 9, cachedInputTokens: 20, cacheWriteTokens: 7 },
      finishReason: "max_tokens",
      hasFailed: false,
      isComplete: true,
      pieces: 2,
      firstAt: 3,
    });
  });

  it("is incomplete without its last event, and failed by an error", () => {
    const start = { type: "message_start", message: { model: "c", usage: {} } };
    expect(readStream("messages", [start])).toMatchObject({ isComplete: false, usage: null });
    expect(readStream("messages", [start, { type: "error", error: {} }])).toMatchObject({ hasFailed: true });
  });
});

describe("an answer in one piece", () => {
  const readWhole = (wire: Wire, body: string, size = 7) => {
    const reader = new WholeAnswerReader(wire);
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    reader.end();
    return reader.facts;
  };

  it("tells the usage of embeddings behind their long vectors", () => {
    const body = (vector: readonly number[]) =>
      JSON.stringify({
        object: "list",
        data: [{ embedding: vector }],
        model: "e-1",
        usage: { prompt_tokens: 6, total_tokens: 6 },
      });
    for (const vector of [[0.5], new Array<number>(5000).fill(0.123456)]) {
      expect(readWhole("embeddings", body(vector), 1000)).toMatchObject({
        model: "e-1",
        usage: { inputTokens: 6, outputTokens: 0 },
      });
    }
  });

  it.each([
    [
      "messages",
      '{"model":"c","stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}',
      "tool_use",
    ],
    [
      "responses",
      '{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}',
      "max_output_tokens",
    ],
    ["completions", '{"choices":[{"finish_reason":"length"}]}', "length"],
    ["chat", "no JSON", null],
    ["chat", "[1]", null],
  ] as const)("of %s: %s", (wire, body, finishReason) => {
    expect(readWhole(wire, body)).toMatchObject({ finishReason, isComplete: true });
  });

  it.each([-1, 1.5, "7", null, Number.MAX_VALUE])("with a count of %s has no usage", (count) => {
    const usage = { prompt_tokens: count, completion_tokens: 1 };
    expect(readWhole("chat", JSON.stringify({ usage })).usage).toBeNull();
  });
});
