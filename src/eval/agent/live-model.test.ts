import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Fixture, LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { modelSchema } from "../../config/agent/model-schema.js";
import { systemClock } from "../../core/clock.js";
import type { AgentEvent, EventPayloads } from "../../core/events.js";
import type { ModelReply } from "../../core/message.js";
import type { ResponseCache } from "../../core/response-cache.js";
import { openCassette, readCassette } from "../../models/cassette-file.js";
import type { Model, ModelParameters } from "../../models/model.js";
import { createReplayModel } from "../../models/replay.js";
import { replaySource } from "../../models/replay-source.js";
import { modelCaller } from "../../runtime/model-caller.js";
import { liveModel } from "./live-model.js";
import { parametersOf } from "./load-agent.js";

let first: LLMock;
let second: LLMock;
let folder: string;
beforeAll(async () => {
  first = await LLMock.create({ port: 0, host: "127.0.0.1" });
  second = await LLMock.create({ port: 0, host: "127.0.0.1" });
  folder = await mkdtemp(join(tmpdir(), "agentctl-live-"));
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop(), rm(folder, { recursive: true })]);
});
beforeEach(() => {
  first.reset();
  second.reset();
});

const USAGE = { prompt_tokens: 100, completion_tokens: 10, input_tokens: 100, output_tokens: 10 };
const QUICK = { base_delay_ms: 1, max_delay_ms: 1, max_retry_after_ms: 1 };

function answer(mock: LLMock, content: string, options: Partial<Fixture> = {}): void {
  mock.addFixture({ match: {}, response: { content, usage: USAGE }, ...options });
}

/** OpenAI first, Anthropic when it does not answer; each with a price of its own. */
const config = (settings: object = {}, fallback: object | null = {}) =>
  modelSchema.parse({
    provider: "openai",
    name: "first-model",
    base_url: `${first.url}/v1`,
    retry: QUICK,
    price: { input_usd_per_mtok: 1, output_usd_per_mtok: 1 },
    ...settings,
    ...(fallback === null
      ? {}
      : {
          fallbacks: [
            {
              provider: "anthropic",
              name: "second-model",
              base_url: second.url,
              retry: QUICK,
              price: { input_usd_per_mtok: 10, output_usd_per_mtok: 10 },
              ...fallback,
            },
          ],
        }),
  });

type Context = Parameters<typeof liveModel>[2];

function live(settings: ReturnType<typeof config>, context: Partial<Context> = {}): Promise<Model> {
  const base: Context = { env: {}, cache: null, openCassette: null, clock: systemClock };
  return liveModel(settings, join(folder, "agent.yaml"), { ...base, ...context });
}

interface Asked {
  readonly reply: ModelReply | null;
  readonly error: unknown;
  readonly events: readonly (readonly [AgentEvent["event_type"], EventPayloads[AgentEvent["event_type"]]])[];
  readonly costs: readonly (number | null)[];
}

async function ask(model: Model, parameters: ModelParameters = {}): Promise<Asked> {
  const events: [AgentEvent["event_type"], EventPayloads[AgentEvent["event_type"]]][] = [];
  const costs: (number | null)[] = [];
  const call = modelCaller({
    model,
    parameters,
    position: { caseId: "c", trial: 0, speaker: "agent" },
    signal: new AbortController().signal,
    clock: systemClock,
    emit: (type, payload) => void events.push([type, payload]),
    onReply: ({ costUsd }) => void costs.push(costUsd),
  });
  const settled = await call({ messages: [{ role: "user", content: "hi" }], tools: [] }).then(
    (reply) => ({ reply, error: null }),
    (error: unknown) => ({ reply: null, error }),
  );
  return { ...settled, events, costs };
}

const shown = ({ events }: Asked) =>
  events.map(([type, payload]) =>
    "provider" in payload && "attempt" in payload
      ? `${type} ${payload.provider}/${payload.model} #${payload.attempt}`
      : "code" in payload
        ? `${type} ${payload.code}`
        : type,
  );

function endOf({ events }: Asked): EventPayloads["llm_call_end"] {
  const end = events.find(([type]) => type === "llm_call_end");
  return end?.[1] as EventPayloads["llm_call_end"];
}

describe("fallback chain, OpenAI then Anthropic", () => {
  test("after the retries the next one answers, at its own price, and every attempt is in the events", async () => {
    first.on({}, { error: { message: "overloaded" }, status: 503 });
    answer(second, "from the second");
    const asked = await ask(await live(config({ max_retries: 1 })));
    expect(asked.reply).toMatchObject({
      text: "from the second",
      answeredBy: { provider: "anthropic", model: "second-model" },
    });
    expect(asked.costs).toEqual([(100 * 10 + 10 * 10) / 1e6]);
    expect(shown(asked)).toEqual([
      "llm_call_start openai/first-model #1",
      "error PROVIDER_UNAVAILABLE",
      "llm_call_start openai/first-model #2",
      "error PROVIDER_UNAVAILABLE",
      "llm_call_start anthropic/second-model #3",
      "llm_call_end",
    ]);
    expect(endOf(asked).answeredBy).toEqual({ provider: "anthropic", model: "second-model" });
    expect([first.getRequests().length, second.getRequests().length]).toEqual([2, 1]);
  });

  test("without fallbacks the same failure ends the call", async () => {
    first.on({}, { error: { message: "overloaded" }, status: 503 });
    const asked = await ask(await live(config({ max_retries: 1 }, null)));
    expect(asked.error).toMatchObject({ code: "PROVIDER_UNAVAILABLE", status: 503 });
  });

  test("a price that is not known stays unknown, whatever the first one costs", async () => {
    first.on({}, { error: { message: "overloaded" }, status: 503 });
    answer(second, "from the second");
    const { reply } = await ask(await live(config({ max_retries: 0 }, { price: undefined })));
    expect(reply).toMatchObject({ text: "from the second", costUsd: null });
  });

  test("a call that is too slow falls over; a request refused as wrong does not", async () => {
    answer(first, "too late", { chaos: { latencyMs: 3_000 } });
    answer(second, "from the second");
    const slow = await ask(await live(config({ max_retries: 0, timeout_ms: 100 })));
    expect(slow.reply?.text).toBe("from the second");
    expect(shown(slow)[1]).toBe("error PROVIDER_TIMEOUT");
    first.reset();
    first.on({}, { error: { message: "bad", type: "invalid_request_error" }, status: 400 });
    const wrong = await ask(await live(config()));
    expect(wrong.error).toMatchObject({ code: "PROVIDER_REJECTED", status: 400 });
    expect(second.getRequests()).toHaveLength(1);
  });

  test("a cut stream and a body that is no JSON are retried, then fall over", async () => {
    for (const fault of [{ truncateAfterChunks: 2, chunkSize: 3 }, { chaos: { malformedRate: 1 } }]) {
      first.reset();
      second.reset();
      answer(first, "one two three four five six", fault);
      answer(second, "whole");
      const asked = await ask(await live(config({ max_retries: 1 })));
      expect(asked.reply?.text).toBe("whole");
      expect(first.getRequests()).toHaveLength(2);
    }
  });

  test("a limit whose turn would come too late falls over without asking", async () => {
    answer(first, "from the first");
    answer(second, "from the second");
    const model = await live(
      config({ name: "limited-model", limits: { requests_per_minute: 1 }, timeout_ms: 1_000 }),
    );
    expect((await ask(model)).reply?.text).toBe("from the first");
    const refused = await ask(model);
    expect(refused.reply?.text).toBe("from the second");
    expect(shown(refused)[1]).toBe("error PROVIDER_RATE_LIMITED");
    expect(first.getRequests()).toHaveLength(1);
  });

  test("an open breaker falls over without asking, and its changes are events", async () => {
    first.on({}, { error: { message: "overloaded" }, status: 503 });
    answer(second, "from the second");
    const model = await live(
      config({ name: "broken-model", max_retries: 0, breaker: { min_calls: 2, failure_rate: 1 } }),
    );
    const asked = [await ask(model), await ask(model), await ask(model)];
    expect(asked.map(({ reply }) => reply?.text)).toEqual(Array(3).fill("from the second"));
    expect(first.getRequests()).toHaveLength(2);
    expect(asked[1]?.events.find(([type]) => type === "llm_breaker_change")?.[1]).toEqual({
      provider: "openai",
      model: "broken-model",
      from: "closed",
      to: "open",
      reason: "2 of 2 calls failed within 30000 ms",
    });
  });

  test("what a fallback answered is recorded and replayed, and never kept in the cache", async () => {
    first.on({}, { error: { message: "overloaded" }, status: 503 });
    answer(second, "from the second");
    const kept = new Map<string, ModelReply>();
    const cache: ResponseCache = {
      get: (key) => kept.get(key),
      set: (key, reply) => void kept.set(key, reply),
    };
    const file = join(folder, "chain.jsonl");
    const sink = await openCassette(file, { append: false, secrets: [] });
    const model = await live(config({ max_retries: 0 }), { cache, openCassette: async () => sink });
    const { reply } = await ask(model);
    await sink.close();
    expect(kept.size).toBe(0);
    const replayed = await ask(createReplayModel(replaySource(await readCassette(file), file)));
    expect(replayed.reply).toEqual(reply);
    expect(endOf(replayed).answeredBy).toEqual({ provider: "anthropic", model: "second-model" });
  });
});

describe.each([
  ["openai", "/v1"],
  ["anthropic", ""],
])("%s", (provider, path) => {
  const alone = (settings: object = {}) =>
    config({ provider, base_url: `${first.url}${path}`, ...settings }, null);

  test("two 503 are got over; Retry-After is kept up to the limit", async () => {
    answer(first, "here I am");
    first.nextRequestError(503).nextRequestError(503);
    expect((await ask(await live(alone({ max_retries: 2 })))).reply?.text).toBe("here I am");
    first.reset();
    answer(first, "slow down", {
      response: { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 1 },
    });
    const startedAt = performance.now();
    const asked = await ask(
      await live(alone({ max_retries: 1, retry: { ...QUICK, max_retry_after_ms: 300 } })),
    );
    expect(asked.error).toMatchObject({ code: "PROVIDER_RATE_LIMITED", retryAfterMs: 1_000 });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  test("the first token of a slow stream is timed, of a whole reply nothing is", async () => {
    answer(first, "one two three four five six", { chunkSize: 4, latency: 60 });
    const streamed = endOf(await ask(await live(alone())));
    expect(streamed.firstTokenMs).toBeGreaterThan(20);
    expect(streamed.firstTokenMs).toBeLessThan(streamed.durationMs - 100);
    const whole = endOf(await ask(await live(alone({ stream: false }))));
    expect(whole.firstTokenMs ?? null).toBeNull();
  });

  test("the first token of tool calls alone is timed as well", async () => {
    first.addFixture({
      match: {},
      response: {
        toolCalls: [{ id: "toolu_1", name: "look", arguments: '{"x":"a long text of some length"}' }],
      },
      chunkSize: 4,
      latency: 40,
    });
    const end = endOf(await ask(await live(alone())));
    expect(end.toolCalls).toHaveLength(1);
    expect(end.firstTokenMs).toBeGreaterThan(10);
    expect(end.firstTokenMs).toBeLessThan(end.durationMs);
  });
});

describe("structured output of an agent", () => {
  const schema = { type: "object", properties: { answer: { type: "integer" } }, required: ["answer"] };
  const script = `version: 1
rules:
  - when: { wants_schema: true, context_matches: "cannot be used: the whole must have required property" }
    reply: { text: '{"answer": 42}' }
  - when: { wants_schema: true }
    reply: { text: '{"reply": 42}' }
`;
  const scripted = async (output: object) => {
    await writeFile(join(folder, "script.yaml"), script);
    const settings = modelSchema.parse({ provider: "scripted", name: "script.yaml", output });
    return ask(await live(settings), parametersOf(settings, undefined));
  };

  test("a reply that does not satisfy the schema is asked for once more, as a call of its own", async () => {
    const asked = await scripted({ schema });
    expect(asked.reply?.text).toBe('{"answer": 42}');
    expect(shown(asked)).toEqual([
      "llm_call_start scripted/script.yaml #1",
      "llm_call_end",
      "error PROVIDER_BAD_RESPONSE",
      "llm_call_start scripted/script.yaml #1",
      "llm_call_end",
    ]);
    expect(asked.costs).toEqual([0, 0]);
  });

  test("without repair the wrong reply ends the call", async () => {
    const asked = await scripted({ schema, repair: false });
    expect(asked.error).toMatchObject({ code: "PROVIDER_BAD_RESPONSE" });
    expect(asked.costs).toEqual([0]);
  });
});

describe("the end of a conversation ends every wait, and nobody else is asked", () => {
  test.each<[string, object, () => void]>([
    [
      "before a retry that a provider put off",
      { retry: { base_delay_ms: 1, max_delay_ms: 1, max_retry_after_ms: 60_000 } },
      () => first.on({}, { error: { message: "busy" }, status: 429, retryAfter: 30 }),
    ],
    ["for a limit", { name: "one-a-minute", limits: { requests_per_minute: 1 } }, () => answer(first, "one")],
    [
      "in a stream",
      { hedge: { after_ms: 30_000 } },
      () => answer(first, "one two three four five six seven", { chunkSize: 2, latency: 200 }),
    ],
  ])("%s", async (_name, settings, prepare) => {
    prepare();
    answer(second, "from the second");
    const model = await live(config(settings));
    if ("limits" in settings) await ask(model);
    const startedAt = performance.now();
    const call = model.complete(
      {
        messages: [{ role: "user", content: "hi" }],
        tools: [],
        parameters: {},
        position: { caseId: "c", trial: 0, speaker: "agent", turn: 0 },
      },
      { signal: AbortSignal.timeout(200) },
    );
    await expect(call).rejects.toMatchObject({ code: "PROVIDER_ABORTED" });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(first.getRequests()).toHaveLength(1);
    expect(second.getRequests()).toHaveLength(0);
  });
});

describe("a second call to a silent endpoint", () => {
  test("answers, with a span of its own; the first is aborted and never ended", async () => {
    // The script is slow at its first call only, so the second one wins.
    await writeFile(
      join(folder, "slow.yaml"),
      "version: 1\nrules:\n" +
        "  - error: { status: 503, delay_ms: 5000, times: 1 }\n  - reply: { text: second call, usage: { input_tokens: 1, output_tokens: 1 } }\n",
    );
    const asked = await ask(
      await live(modelSchema.parse({ provider: "scripted", name: "slow.yaml", hedge: { after_ms: 30 } })),
    );
    expect(asked.reply?.text).toBe("second call");
    expect(shown(asked)).toEqual([
      "llm_call_start scripted/slow.yaml #1",
      "llm_call_start scripted/slow.yaml #2",
      "llm_call_end",
    ]);
    expect(endOf(asked).callId).toBe("agent-0-2");
    expect(asked.costs).toEqual([0]);
  });
});
