import { type Fixture, LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseScriptFile } from "../config/parse-script-file.js";
import type { ProviderError } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import { createAnthropicModel } from "./anthropic.js";
import { completeStructured } from "./complete-structured.js";
import type { Deadlines } from "./deadlines.js";
import type { Endpoint } from "./endpoint.js";
import type { Model, ModelRequest } from "./model.js";
import { createOpenaiModel } from "./openai.js";
import { explicitPricer } from "./price.js";
import { createReplayModel } from "./replay.js";
import { replaySource } from "./replay-source.js";
import { retryingModel } from "./retry.js";
import { createScriptedModel } from "./scripted/scripted-model.js";

const PATIENT: Deadlines = { totalMs: 20_000, idleMs: 10_000 };
const KEY = "test-key-0123456789";

let mock: LLMock;
beforeAll(async () => {
  mock = await LLMock.create({ port: 0, host: "127.0.0.1" });
});
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
});

function endpoint(path: string, stream: boolean, deadlines: Deadlines): Endpoint {
  return {
    model: "test-model",
    baseUrl: `${mock.url}${path}`,
    apiKey: KEY,
    keyEnv: "TEST_API_KEY",
    stream,
    deadlines,
    priceOf: explicitPricer({ input_usd_per_mtok: 2, output_usd_per_mtok: 10 }),
    now: Date.now,
  };
}

const openai = (stream: boolean) => (deadlines: Deadlines) =>
  createOpenaiModel(endpoint("/v1", stream, deadlines));
const anthropic = (stream: boolean) => (deadlines: Deadlines) =>
  createAnthropicModel(endpoint("", stream, deadlines));

const NETWORK_MODELS: [string, (deadlines: Deadlines) => Model][] = [
  ["openai, whole", openai(false)],
  ["openai, streamed", openai(true)],
  ["anthropic, whole", anthropic(false)],
  ["anthropic, streamed", anthropic(true)],
];
const STREAMED_MODELS = NETWORK_MODELS.filter(([name]) => name.endsWith("streamed"));

function request(text: string, turn = 0): ModelRequest {
  return {
    messages: [
      { role: "system", content: "Answer briefly." },
      { role: "user", content: text },
    ],
    tools: [
      {
        name: "get_order",
        description: "Looks an order up.",
        parameters: {
          type: "object",
          properties: { order_id: { type: "string" } },
          required: ["order_id"],
        },
      },
    ],
    parameters: { temperature: 0, maxTokens: 200 },
    position: { caseId: "case-1", trial: 0, speaker: "agent", turn },
  };
}

function answer(response: Fixture["response"], options: Omit<Fixture, "match" | "response"> = {}): void {
  mock.addFixture({ match: {}, response, ...options });
}

function complete(model: Model, signal = new AbortController().signal): Promise<ModelReply> {
  return model.complete(request("Where is my order?"), { signal });
}

async function failure(call: Promise<unknown>): Promise<ProviderError> {
  return call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error as ProviderError,
  );
}

const USAGE = { prompt_tokens: 40, completion_tokens: 8, input_tokens: 40, output_tokens: 8 };

function recorded(reply: ModelReply): Model {
  const turn = { caseId: "case-1", trial: 0, speaker: "agent", turn: 0, requestHash: null } as const;
  return createReplayModel(
    replaySource(
      [
        {
          caseId: "case-1",
          trial: 0,
          turns: [{ ...turn, reply, durationMs: null }],
          reward: null,
          crash: null,
          toolResults: [],
        },
      ],
      "memory",
    ),
  );
}

const TEXT_REPLY: ModelReply = {
  text: "Your order left the warehouse on Monday.",
  toolCalls: [],
  finishReason: "stop",
  usage: { inputTokens: 40, outputTokens: 8 },
  costUsd: (40 * 2 + 8 * 10) / 1e6,
  model: "test-model",
};

const SCRIPT = `version: 1
rules:
  - reply:
      text: ${TEXT_REPLY.text}
      usage: { input_tokens: 40, output_tokens: 8 }
      first_token_ms: 1
`;

function scripted(deadlines: Deadlines): Model {
  return createScriptedModel({
    script: parseScriptFile(SCRIPT, "script.yaml"),
    file: "script.yaml",
    name: "test-model",
    deadlines,
    priceOf: explicitPricer({ input_usd_per_mtok: 2, output_usd_per_mtok: 10 }),
  });
}

const ALL_MODELS: readonly (readonly [string, (deadlines: Deadlines) => Model])[] = [
  ...NETWORK_MODELS,
  ["replay", () => recorded(TEXT_REPLY)],
  ["scripted", scripted],
];

describe.each(ALL_MODELS)("%s", (_name, make) => {
  test("gives a whole text reply with usage, cost and the pieces of its text", async () => {
    answer({ content: TEXT_REPLY.text ?? "", usage: USAGE }, { chunkSize: 5 });
    const pieces: string[] = [];
    const reply = await make(PATIENT).complete(request("Where is my order?"), {
      signal: new AbortController().signal,
      onText: (piece) => pieces.push(piece),
    });
    expect({ ...reply, usage: { ...reply.usage, cachedInputTokens: undefined } }).toEqual({
      ...TEXT_REPLY,
      usage: { ...TEXT_REPLY.usage, cachedInputTokens: undefined },
    });
    expect(pieces.join("")).toBe(TEXT_REPLY.text);
  });

  test("rejects with PROVIDER_ABORTED when aborted before it starts", async () => {
    answer({ content: "hello" });
    const error = await failure(complete(make(PATIENT), AbortSignal.abort()));
    expect(error).toMatchObject({ code: "PROVIDER_ABORTED", isRetryable: false });
    expect(mock.getRequests()).toHaveLength(0);
  });
});

describe.each(NETWORK_MODELS)("%s", (name, make) => {
  test("assembles tool calls, with text beside them", async () => {
    const toolCalls = [
      { id: "toolu_1", name: "get_order", arguments: '{"order_id":"#W1","nested":{"list":[1,"é"]}}' },
      { id: "toolu_2", name: "get_order", arguments: "{}" },
    ];
    answer({ content: "Let me look.", toolCalls }, { chunkSize: 3 });
    const reply = await complete(make(PATIENT));
    expect(reply.text).toBe("Let me look.");
    expect(reply.finishReason).toBe("tool_calls");
    expect(reply.toolCalls).toEqual([
      { id: "toolu_1", name: "get_order", arguments: { order_id: "#W1", nested: { list: [1, "é"] } } },
      { id: "toolu_2", name: "get_order", arguments: {} },
    ]);
  });

  test("sends tool calls and tool results back", async () => {
    answer({ content: "It left on Monday." });
    const { messages, ...rest } = request("Where is my order?", 1);
    const calls = ["call_a", "call_b"].map((id) => ({ id, name: "get_order", arguments: { order_id: id } }));
    await make(PATIENT).complete(
      {
        ...rest,
        messages: [
          ...messages,
          { role: "assistant", content: null, toolCalls: calls },
          { role: "tool", toolCallId: "call_a", name: "get_order", content: "shipped" },
          { role: "tool", toolCallId: "call_b", name: "get_order", content: "pending" },
        ],
      },
      { signal: new AbortController().signal },
    );
    // aimock journals every dialect in the chat completions shape.
    const sent = mock.getLastRequest()?.body as { messages: { role: string; tool_call_id?: string }[] };
    expect(sent.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool", "tool"]);
    expect(sent.messages.flatMap((message) => message.tool_call_id ?? [])).toEqual(["call_a", "call_b"]);
  });

  test("gives structured output, after one repair when the first reply is wrong", async () => {
    const schema = { type: "object", properties: { day: { type: "string" } }, required: ["day"] };
    const wasTold = (sent: { messages: readonly { content?: unknown }[] }) =>
      JSON.stringify(sent.messages.at(-1)?.content ?? "").includes("must have required property");
    mock.on({}, (sent) => ({ content: wasTold(sent) ? '{"day":"Monday"}' : '{"when":"Monday"}' }));
    const model = make(PATIENT);
    const { value, isRepaired } = await completeStructured(
      (asked) => model.complete({ ...request("When?"), ...asked }, { signal: new AbortController().signal }),
      request("When?"),
      schema,
    );
    expect({ value, isRepaired }).toEqual({ value: { day: "Monday" }, isRepaired: true });
    expect(mock.getRequests()).toHaveLength(2);
  });

  test("maps a reply that hit its length limit", async () => {
    answer({ content: "Your order", finishReason: "length" });
    expect((await complete(make(PATIENT))).finishReason).toBe("length");
  });

  test("raises a 429 with the time that the provider asked for", async () => {
    answer({ error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 7 });
    expect(await failure(complete(make(PATIENT)))).toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      status: 429,
      retryAfterMs: 7_000,
      isRetryable: true,
    });
    expect(mock.getRequests()).toHaveLength(1);
  });

  test("gets over two 503 through the retries", async () => {
    answer({ content: "Here I am." });
    mock.nextRequestError(503).nextRequestError(503);
    const waits: number[] = [];
    const model = retryingModel(make(PATIENT), {
      maxRetries: 2,
      random: () => 0.5,
      sleep: async (ms) => {
        waits.push(ms);
      },
    });
    expect((await complete(model)).text).toBe("Here I am.");
    expect(waits).toEqual([250, 500]);
    expect(mock.getRequests()).toHaveLength(3);
  });

  test("raises a malformed body as PROVIDER_BAD_RESPONSE", async () => {
    answer({ content: "hello" }, { chaos: { malformedRate: 1 } });
    expect(await failure(complete(make(PATIENT)))).toMatchObject({
      code: "PROVIDER_BAD_RESPONSE",
      isRetryable: true,
    });
  });

  test("raises a dropped connection as PROVIDER_UNAVAILABLE", async () => {
    answer({ content: "hello" }, { chaos: { disconnectRate: 1 } });
    expect(await failure(complete(make(PATIENT)))).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      isRetryable: true,
    });
  });

  test("raises an unknown route as PROVIDER_REJECTED, without a retry", async () => {
    expect(await failure(complete(make(PATIENT)))).toMatchObject({
      code: "PROVIDER_REJECTED",
      status: 404,
      isRetryable: false,
    });
  });

  test("ends at the total deadline", async () => {
    answer({ content: "too late" }, { chaos: { latencyMs: 5_000 } });
    const startedAt = performance.now();
    const error = await failure(complete(make({ totalMs: 150, idleMs: 10_000 })));
    expect(error).toMatchObject({ code: "PROVIDER_TIMEOUT", isRetryable: true });
    expect(error.message).toContain("150 ms");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test("rejects with PROVIDER_ABORTED when aborted while waiting", async () => {
    answer({ content: "too late" }, { chaos: { latencyMs: 5_000 } });
    const controller = new AbortController();
    const call = complete(make(PATIENT), controller.signal);
    setTimeout(() => controller.abort(), 50);
    expect(await failure(call)).toMatchObject({ code: "PROVIDER_ABORTED", isRetryable: false });
  });

  test("keeps 40 calls at once apart, on one signal, without a warning", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const { signal } = new AbortController();
    mock.on({}, (sent) => ({ content: `echo ${String(sent.messages.at(-1)?.content)}` }));
    const model = make(PATIENT);
    const texts = Array.from({ length: 40 }, (_, index) => `question ${index} of ${name}`);
    const replies = await Promise.all(texts.map((text) => model.complete(request(text), { signal })));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    expect(replies.map((reply) => reply.text)).toEqual(texts.map((text) => `echo ${text}`));
  });
});

describe.each(STREAMED_MODELS)("%s", (_name, make) => {
  const words = { content: "one two three four five six seven eight nine ten" };

  test("never gives a stream that was cut for a whole reply", async () => {
    answer(words, { chunkSize: 4, truncateAfterChunks: 4 });
    const error = await failure(complete(make(PATIENT)));
    expect(["PROVIDER_BAD_RESPONSE", "PROVIDER_UNAVAILABLE"]).toContain(error.code);
    expect(error.isRetryable).toBe(true);
  });

  test("ends at the total deadline although pieces keep coming", async () => {
    answer(words, { chunkSize: 2, latency: 60 });
    const startedAt = performance.now();
    const error = await failure(complete(make({ totalMs: 300, idleMs: 200 })));
    expect(error).toMatchObject({ code: "PROVIDER_TIMEOUT", isRetryable: true });
    expect(error.message).toContain("300 ms");
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  test("ends at the idle deadline in a silence, and not before the first piece", async () => {
    answer(words, { chunkSize: 4, recordedTimings: timings([300, 10, 10, 3_000]) });
    const error = await failure(complete(make({ totalMs: 10_000, idleMs: 150 })));
    expect(error).toMatchObject({ code: "PROVIDER_TIMEOUT", isRetryable: true });
    expect(error.message).toContain("sent nothing for 150 ms");
  });

  test("rejects with PROVIDER_ABORTED when aborted in mid-stream", async () => {
    answer(words, { chunkSize: 4, latency: 30 });
    const controller = new AbortController();
    const pieces: string[] = [];
    const call = make(PATIENT).complete(request("count"), {
      signal: controller.signal,
      onText: (piece) => {
        pieces.push(piece);
        controller.abort();
      },
    });
    expect(await failure(call)).toMatchObject({ code: "PROVIDER_ABORTED", isRetryable: false });
    expect(pieces).toEqual(["one "]);
  });
});

function timings(delaysMs: readonly number[]): NonNullable<Fixture["recordedTimings"]> {
  const [ttftMs = 0, ...interChunkDelaysMs] = delaysMs;
  return { ttftMs, interChunkDelaysMs, totalDurationMs: delaysMs.reduce((sum, ms) => sum + ms, 0) };
}
