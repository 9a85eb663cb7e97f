import Anthropic from "@anthropic-ai/sdk";
import { LLMock } from "@copilotkit/aimock";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "./testing/test-gateway.js";

let mock: LLMock;
let test: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  mock = await LLMock.create({ port: 0, host: "127.0.0.1" });
  const usage = {
    input_tokens: 12,
    output_tokens: 4,
    prompt_tokens: 12,
    completion_tokens: 4,
    total_tokens: 16,
  };
  mock.onMessage("hello", { content: "Grüße, 世界", usage });
  mock.onMessage("weather", {
    toolCalls: [{ name: "get_weather", arguments: '{"city":"Köln"}' }],
    usage,
  });
  mock.onEmbedding("text", { embedding: [0.1, 0.2, 0.3] });
  test = await startTestGateway({ stable: mock.url });
  openai = new OpenAI({ apiKey: "client", baseURL: `${test.origin}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: "client", baseURL: test.origin, maxRetries: 0 });
});

afterAll(async () => {
  await test.close();
  await mock.stop();
});

const user = (content: string) => [{ role: "user" as const, content }];

/** Payload of the event that a call leaves. */
async function eventOf(call: () => Promise<unknown>) {
  const before = test.sink.events.length;
  await call();
  return (await test.sink.count(before + 1))[before]?.payload;
}

describe("the openai SDK through the gateway", () => {
  it("chats", async () => {
    const payload = await eventOf(async () => {
      const answer = await openai.chat.completions.create({ model: "gpt-x", messages: user("hello") });
      expect(answer.choices[0]?.message.content).toBe("Grüße, 世界");
    });
    expect(payload).toMatchObject({
      ok: true,
      finishReason: "stop",
      usage: { inputTokens: 12, outputTokens: 4 },
      streamed: false,
    });
  });

  it("streams, with usage", async () => {
    const payload = await eventOf(async () => {
      const stream = await openai.chat.completions.create({
        model: "gpt-x",
        messages: user("hello"),
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      expect(text).toBe("Grüße, 世界");
    });
    expect(payload).toMatchObject({
      ok: true,
      failure: null,
      finishReason: "stop",
      streamed: true,
      usage: { inputTokens: 12, outputTokens: 4 },
    });
    expect(payload?.firstTokenMs).toBeGreaterThan(0);
  });

  it("streams tool calls", async () => {
    const payload = await eventOf(async () => {
      const stream = await openai.chat.completions.create({
        model: "gpt-x",
        messages: user("weather"),
        stream: true,
      });
      let name = "";
      for await (const chunk of stream) name += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.name ?? "";
      expect(name).toBe("get_weather");
    });
    expect(payload).toMatchObject({ ok: true, finishReason: "tool_calls" });
  });

  it.each([false, true])("uses responses, streamed: %s", async (stream) => {
    const payload = await eventOf(async () => {
      if (!stream) {
        const answer = await openai.responses.create({ model: "gpt-x", input: "hello" });
        expect(answer.output_text).toBe("Grüße, 世界");
        return;
      }
      let text = "";
      for await (const event of await openai.responses.create({ model: "gpt-x", input: "hello", stream })) {
        if (event.type === "response.output_text.delta") text += event.delta;
      }
      expect(text).toBe("Grüße, 世界");
    });
    expect(payload).toMatchObject({
      ok: true,
      failure: null,
      finishReason: "completed",
      usage: { inputTokens: 12, outputTokens: 4 },
      streamed: stream,
    });
  });

  it("embeds and lists models", async () => {
    const payload = await eventOf(() => openai.embeddings.create({ model: "e", input: "text" }));
    expect(payload).toMatchObject({ ok: true, status: 200 });
    expect((await openai.models.list()).data.length).toBeGreaterThan(0);
  });

  it("raises its own error classes for the gateway's refusals", async () => {
    const stranger = new OpenAI({ apiKey: "bad", baseURL: `${test.origin}/v1`, maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toThrow(OpenAI.AuthenticationError);
    const busy = new OpenAI({ apiKey: "busy", baseURL: `${test.origin}/v1`, maxRetries: 0 });
    await expect(busy.models.list()).rejects.toThrow(OpenAI.RateLimitError);
  });
});

describe("the Anthropic SDK through the gateway", () => {
  const request = { model: "claude-x", max_tokens: 100, messages: user("hello") };
  const told = {
    ok: true,
    failure: null,
    finishReason: "end_turn",
    usage: { inputTokens: 12, outputTokens: 4 },
  };

  it("sends messages", async () => {
    const payload = await eventOf(async () => {
      const answer = await anthropic.messages.create(request);
      expect(answer.content[0]).toMatchObject({ text: "Grüße, 世界" });
    });
    expect(payload).toMatchObject({ ...told, streamed: false });
  });

  it("streams messages", async () => {
    const payload = await eventOf(async () => {
      const stream = anthropic.messages.stream(request);
      expect(await stream.finalText()).toBe("Grüße, 世界");
    });
    expect(payload).toMatchObject({ ...told, streamed: true });
  });

  it("raises its own error class for the gateway's refusals", async () => {
    const stranger = new Anthropic({ apiKey: "bad", baseURL: test.origin, maxRetries: 0 });
    await expect(stranger.messages.create(request)).rejects.toThrow(Anthropic.AuthenticationError);
  });
});
