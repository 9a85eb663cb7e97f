import { expect, test } from "vitest";
import { ProviderError } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import type { ResponseCache } from "../core/response-cache.js";
import { cachingModel, responseCacheKey } from "./cache.js";
import type { CallPosition, Model, ModelRequest } from "./model.js";
import { explicitPricer, type Pricer } from "./price.js";

const POSITION: CallPosition = { caseId: "c", trial: 0, speaker: "agent", turn: 0 };
const REQUEST: ModelRequest = {
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  parameters: { temperature: 0 },
  position: POSITION,
};

function memoryResponseCache(): ResponseCache {
  const replies = new Map<string, ModelReply>();
  return {
    get: (key) => replies.get(key),
    set: (key, reply) => {
      replies.set(key, reply);
    },
  };
}

/** Answers with the number of the call; fails at those that `fails` names. */
function counting(fails: readonly number[] = []): Model {
  let calls = 0;
  return {
    provider: "test",
    name: "m",
    async complete(): Promise<ModelReply> {
      calls += 1;
      if (fails.includes(calls)) throw new ProviderError("PROVIDER_UNAVAILABLE", "down");
      return {
        text: `call ${calls}`,
        toolCalls: [],
        finishReason: "stop",
        usage: null,
        costUsd: 1,
        model: "m",
      };
    },
  };
}

test("answers the same call from the cache and says so", async () => {
  const model = cachingModel(counting(), memoryResponseCache(), { baseUrl: null, priceOf: null });
  let hits = 0;
  const pieces: string[] = [];
  const options = {
    signal: new AbortController().signal,
    onText: (piece: string) => pieces.push(piece),
    onCacheHit: () => {
      hits += 1;
    },
  };
  const first = await model.complete(REQUEST, options);
  expect(await model.complete(structuredClone(REQUEST), options)).toEqual(first);
  expect(hits).toBe(1);
  expect(pieces).toEqual(["call 1"]);
});

test("a trial, a turn, a speaker, a case or a word that differs is another call", () => {
  const model = { provider: "openai", name: "m" };
  const other: [Pick<Model, "provider" | "name">, string | null, ModelRequest][] = [
    [model, "http://a", REQUEST],
    [model, "http://b", REQUEST],
    [{ ...model, provider: "anthropic" }, "http://a", REQUEST],
    [{ ...model, name: "n" }, "http://a", REQUEST],
    [model, "http://a", { ...REQUEST, parameters: {} }],
    [model, "http://a", { ...REQUEST, messages: [{ role: "user", content: "hi!" }] }],
    ...[{ trial: 1 }, { turn: 1 }, { caseId: "d" }, { speaker: "user" as const }].map(
      (change): [typeof model, string, ModelRequest] => [
        model,
        "http://a",
        { ...REQUEST, position: { ...POSITION, ...change } },
      ],
    ),
  ];
  expect(new Set(other.map((call) => responseCacheKey(...call))).size).toBe(other.length);
});

test("an error is not kept, and an aborted call gets no answer", async () => {
  const model = cachingModel(counting([1]), memoryResponseCache(), { baseUrl: null, priceOf: null });
  const { signal } = new AbortController();
  await expect(model.complete(REQUEST, { signal })).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
  expect((await model.complete(REQUEST, { signal })).text).toBe("call 2");
  expect((await model.complete(REQUEST, { signal: AbortSignal.abort() })).text).toBe("call 3");
});

test("a cached reply costs what its usage costs at today's price, without another call", async () => {
  let calls = 0;
  const provider: Model = {
    provider: "test",
    name: "m",
    async complete(): Promise<ModelReply> {
      calls += 1;
      const usage = { inputTokens: 1_000, outputTokens: 100, cachedInputTokens: 400 };
      return { text: "a", toolCalls: [], finishReason: "stop", usage, costUsd: 0.5, model: "m-2026" };
    },
  };
  const cache = memoryResponseCache();
  const costAt = async (priceOf: Pricer | null) =>
    (
      await cachingModel(provider, cache, { baseUrl: null, priceOf }).complete(REQUEST, {
        signal: new AbortController().signal,
      })
    ).costUsd;
  const dear = { input_usd_per_mtok: 1_000, output_usd_per_mtok: 2_000, cached_input_usd_per_mtok: 500 };
  expect(await costAt(null)).toBe(0.5);
  expect(await costAt(explicitPricer(dear))).toBeCloseTo(1, 12);
  expect(await costAt((_usage, model) => (model === "m-2026" ? null : 9))).toBeNull();
  expect(await costAt(null)).toBe(0.5);
  expect(calls).toBe(1);
});

test("a reply without usage keeps the cost that it came with", async () => {
  const model = cachingModel(counting(), memoryResponseCache(), { baseUrl: null, priceOf: () => 7 });
  const { signal } = new AbortController();
  await model.complete(REQUEST, { signal });
  expect((await model.complete(REQUEST, { signal })).costUsd).toBe(1);
});
