import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProviderError } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import { createAnthropicModel } from "./anthropic.js";
import { createOpenaiModel } from "./openai.js";

const KEY = "test-key-0123456789";
const PROMPT = "my secret account number is 4711";
const NOW = Date.UTC(2026, 10, 21, 7, 0, 0);

type Handler = (response: ServerResponse, body: Record<string, unknown>) => void;

/** What the faulty server does with the next requests. */
let handle: Handler;
let server: Server;
let baseUrl: string;
let closedEarly = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.on("close", () => {
      if (!response.writableFinished) closedEarly += 1;
    });
    void readJson(request).then((body) => handle(response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as Record<string, unknown>;
}

const sse = (events: readonly object[], named: boolean) =>
  events
    .map((event) => {
      const name = named && "type" in event ? `event: ${String(event.type)}\n` : "";
      return `${name}data: ${JSON.stringify(event)}\n\n`;
    })
    .join("");

const openaiChunk = (delta: object, finishReason: string | null = null) => ({
  model: "m-1",
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

/** How each protocol says "Hel", and the rest of "Hello". */
const DIALECTS = {
  openai: {
    opening: sse([openaiChunk({ role: "assistant", content: "Hel" })], false),
    closing: `${sse([openaiChunk({ content: "lo" }), openaiChunk({}, "stop")], false)}data: [DONE]\n\n`,
    endWithoutReason: `${sse([openaiChunk({ content: "lo" })], false)}data: [DONE]\n\n`,
    garbage: 'data: {"choices": [{"index"\n\n',
    overloaded: sse([{ error: { type: "server_error", message: `busy with ${PROMPT}` } }], false),
    whole: {
      model: "m-1",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    },
    make: createOpenaiModel,
  },
  anthropic: {
    opening: sse(
      [
        { type: "message_start", message: { model: "m-1", usage: { input_tokens: 5, output_tokens: 1 } } },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } },
      ],
      true,
    ),
    closing: sse(
      [
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "lo" } },
        { type: "content_block_stop", index: 0 },
        { type: "some_later_event", index: "unheard of" },
        { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
        { type: "message_stop" },
      ],
      true,
    ),
    endWithoutReason: sse([{ type: "content_block_stop", index: 0 }], true),
    garbage: 'event: content_block_delta\ndata: {"type": "content_bl\n\n',
    overloaded: sse(
      [{ type: "error", error: { type: "overloaded_error", message: `busy with ${PROMPT}` } }],
      true,
    ),
    whole: { model: "m-1", content: [{ type: "text", text: "Hello" }], stop_reason: "end_turn" },
    make: createAnthropicModel,
  },
} as const;

function call(
  dialect: keyof typeof DIALECTS,
  options: { stream?: boolean; baseUrl?: string; idleMs?: number; onText?: () => void } = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<ModelReply> {
  const model = DIALECTS[dialect].make({
    model: "m",
    baseUrl: options.baseUrl ?? baseUrl,
    apiKey: KEY,
    keyEnv: "TEST_API_KEY",
    stream: options.stream ?? true,
    deadlines: { totalMs: 5_000, idleMs: options.idleMs ?? 5_000 },
    priceOf: () => null,
    now: () => NOW,
  });
  return model.complete(
    {
      messages: [{ role: "user", content: PROMPT }],
      tools: [],
      parameters: {},
      position: { caseId: "c", trial: 0, speaker: "agent", turn: 3 },
    },
    { signal, ...(options.onText === undefined ? {} : { onText: options.onText }) },
  );
}

async function failure(reply: Promise<unknown>): Promise<ProviderError> {
  const error = await reply.then(
    () => expect.unreachable("the call succeeded"),
    (raised: unknown) => raised as ProviderError,
  );
  const everything = inspect(error, { depth: 10 });
  expect(everything).not.toContain(KEY);
  expect(everything).not.toContain("4711");
  return error;
}

function answerStatus(status: number, body: object | string, headers: Record<string, string> = {}): void {
  handle = (response) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  };
}

function streamOf(...pieces: readonly string[]): void {
  handle = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(pieces.join(""));
  };
}

describe.each(Object.keys(DIALECTS) as (keyof typeof DIALECTS)[])("%s", (dialect) => {
  const { opening, closing, endWithoutReason, garbage, overloaded, whole } = DIALECTS[dialect];
  const quoting = { type: "error", error: { type: "some_error", message: `bad key ${KEY} or ${PROMPT}` } };

  test("reads a whole stream", async () => {
    streamOf(opening, closing);
    expect(await call(dialect)).toMatchObject({ text: "Hello", finishReason: "stop", model: "m-1" });
  });

  test.each([
    [400, "PROVIDER_REJECTED", false],
    [401, "PROVIDER_AUTH", false],
    [403, "PROVIDER_AUTH", false],
    [404, "PROVIDER_REJECTED", false],
    [408, "PROVIDER_TIMEOUT", true],
    [409, "PROVIDER_UNAVAILABLE", true],
    [413, "PROVIDER_REJECTED", false],
    [422, "PROVIDER_REJECTED", false],
    [429, "PROVIDER_RATE_LIMITED", true],
    [500, "PROVIDER_UNAVAILABLE", true],
    [503, "PROVIDER_UNAVAILABLE", true],
    [529, "PROVIDER_UNAVAILABLE", true],
  ] as const)("maps HTTP %i to %s", async (status, code, isRetryable) => {
    answerStatus(status, quoting);
    const error = await failure(call(dialect));
    expect(error).toMatchObject({ code, isRetryable, status });
    expect(error.message).toContain(`HTTP ${status}, some_error`);
    if (code === "PROVIDER_AUTH") expect(error.nextStep).toContain("TEST_API_KEY");
  });

  test("reads Retry-After as an HTTP date", async () => {
    answerStatus(429, quoting, { "retry-after": new Date(NOW + 9_000).toUTCString() });
    expect((await failure(call(dialect))).retryAfterMs).toBe(9_000);
  });

  test.each([
    ["an HTML page", "<html>welcome</html>", "text/html"],
    ["an empty object", "{}", "application/json"],
    ["half an object", '{"choices":[{"mess', "application/json"],
    ["null", "null", "application/json"],
  ])("raises %s as PROVIDER_BAD_RESPONSE", async (_name, body, type) => {
    answerStatus(200, body, { "content-type": type });
    const error = await failure(call(dialect, { stream: false }));
    expect(error).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", isRetryable: true });
  });

  test("raises a stream that ends without its reason as a cut one", async () => {
    streamOf(opening, endWithoutReason);
    const error = await failure(call(dialect));
    expect(error).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", isRetryable: true });
    expect(error.message).toContain("cut");
  });

  test("raises an empty stream as a cut one", async () => {
    streamOf("");
    expect((await failure(call(dialect))).code).toBe("PROVIDER_BAD_RESPONSE");
  });

  test.each(["application/json", "application/json; charset=utf-8"])(
    "tells a server that answers %s to a wish for a stream from a broken one",
    async (type) => {
      answerStatus(200, { ...whole, id: "x" }, { "content-type": type });
      const error = await failure(call(dialect));
      expect(error.code).toBe("PROVIDER_BAD_RESPONSE");
      expect(error.message).toContain("one JSON document where a stream was asked for");
      expect(error.nextStep).toContain("model.stream: false");
      expect((await call(dialect, { stream: false })).text).toBe("Hello");
    },
  );

  test("names model.stream when nothing of a stream could be read", async () => {
    answerStatus(200, "<html>welcome</html>", { "content-type": "text/html" });
    const error = await failure(call(dialect));
    expect(error.code).toBe("PROVIDER_BAD_RESPONSE");
    expect(error.nextStep).toContain("model.stream: false");
  });

  test("reads a stream that its server calls JSON", async () => {
    answerStatus(200, opening + closing);
    expect((await call(dialect)).text).toBe("Hello");
  });

  test("raises a whole reply that is shorter than announced as PROVIDER_BAD_RESPONSE", async () => {
    handle = (response) => {
      const text = JSON.stringify(whole);
      response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
      response.write(text.slice(0, -20), () => setTimeout(() => response.destroy(), 20));
    };
    const error = await failure(call(dialect, { stream: false }));
    expect(error).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", isRetryable: true });
    expect(error.message).toContain("cut its reply short");
  });

  test("raises a connection lost in mid-stream as PROVIDER_UNAVAILABLE", async () => {
    handle = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(opening, () => setTimeout(() => response.destroy(), 20));
    };
    const error = await failure(call(dialect));
    expect(error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", isRetryable: true });
  });

  test("raises an event that is not JSON as PROVIDER_BAD_RESPONSE", async () => {
    streamOf(opening, garbage, closing);
    expect(await failure(call(dialect))).toMatchObject({ code: "PROVIDER_BAD_RESPONSE", isRetryable: true });
  });

  test("raises an error event in the stream", async () => {
    streamOf(opening, overloaded);
    expect(await failure(call(dialect))).toMatchObject({ code: "PROVIDER_UNAVAILABLE", isRetryable: true });
  });

  test("raises a refused connection as PROVIDER_UNAVAILABLE with its code", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(call(dialect, { baseUrl: `http://127.0.0.1:${port}` }));
    expect(error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", isRetryable: true });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test.each([
    ["an abort", 5_000, "PROVIDER_ABORTED"],
    ["the idle deadline", 60, "PROVIDER_TIMEOUT"],
  ])("closes the connection after %s", async (_name, idleMs, code) => {
    const controller = new AbortController();
    const before = closedEarly;
    handle = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(opening);
      if (code === "PROVIDER_ABORTED") setTimeout(() => controller.abort(), 60);
    };
    expect((await failure(call(dialect, { idleMs }, controller.signal))).code).toBe(code);
    await expect.poll(() => closedEarly).toBe(before + 1);
  });
});

describe("openai", () => {
  test("does not retry an exhausted quota", async () => {
    answerStatus(429, { error: { type: "insufficient_quota", code: "insufficient_quota", message: "pay" } });
    expect(await failure(call("openai"))).toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      isRetryable: false,
    });
  });

  test.each([
    ["max_tokens", "HTTP 400, invalid_request_error, max_tokens"],
    ["messages.[3].content", "HTTP 400, invalid_request_error, messages.[3].content"],
    [`tools.${KEY}`, "HTTP 400, invalid_request_error"],
    [PROMPT, "HTTP 400, invalid_request_error"],
  ])("names the wrong field %s when it is a plain path", async (param, said) => {
    answerStatus(400, { error: { type: "invalid_request_error", code: null, param, message: PROMPT } });
    expect((await failure(call("openai"))).message.endsWith(said)).toBe(true);
  });

  test("asks for usage and reads cached and reasoning tokens from the last chunk", async () => {
    let sent: Record<string, unknown> = {};
    const usage = {
      prompt_tokens: 9,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    handle = (response, body) => {
      sent = body;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(
        `${DIALECTS.openai.opening}${sse([openaiChunk({}, "stop"), { choices: [], usage }], false)}data: [DONE]\n\n`,
      );
    };
    expect((await call("openai")).usage).toEqual({
      inputTokens: 9,
      outputTokens: 4,
      cachedInputTokens: 8,
      reasoningTokens: 3,
    });
    expect(sent).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(sent).not.toHaveProperty("tools");
  });

  test("assembles tool calls of servers that number them loosely", async () => {
    const piece = (call: object) => openaiChunk({ tool_calls: [call] });
    streamOf(
      sse(
        [
          piece({ index: 0, id: "a", function: { name: "look", arguments: "" } }),
          piece({ index: 0, function: { arguments: '{"x":' } }),
          piece({ index: 0, function: { arguments: "1}" } }),
          piece({ index: 0, id: "b", function: { name: "look", arguments: "{broken" } }),
          piece({ index: 2, function: { name: "list" } }),
          openaiChunk({}, "stop"),
        ],
        false,
      ),
    );
    const reply = await call("openai");
    expect(reply.finishReason).toBe("tool_calls");
    expect(reply.toolCalls).toEqual([
      { id: "a", name: "look", arguments: { x: 1 } },
      { id: "b", name: "look", arguments: {}, malformedArguments: "{broken" },
      { id: "call_3_2", name: "list", arguments: {} },
    ]);
  });
});

describe("anthropic", () => {
  test("keeps malformed tool input and counts cached input as input", async () => {
    streamOf(
      sse(
        [
          {
            type: "message_start",
            message: {
              model: "m-1",
              usage: {
                input_tokens: 5,
                cache_read_input_tokens: 20,
                cache_creation_input_tokens: 3,
                output_tokens: 1,
              },
            },
          },
          {
            type: "content_block_start",
            index: 0,
            content_block: { type: "tool_use", id: "t1", name: "look", input: {} },
          },
          {
            type: "content_block_delta",
            index: 0,
            delta: { type: "input_json_delta", partial_json: '{"x": ' },
          },
          { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 7 } },
          { type: "message_stop" },
        ],
        true,
      ),
    );
    expect(await call("anthropic")).toEqual({
      text: null,
      toolCalls: [{ id: "t1", name: "look", arguments: {}, malformedArguments: '{"x": ' }],
      finishReason: "length",
      usage: { inputTokens: 28, outputTokens: 7, cachedInputTokens: 20, cacheWriteTokens: 3 },
      costUsd: null,
      model: "m-1",
    });
  });
});
