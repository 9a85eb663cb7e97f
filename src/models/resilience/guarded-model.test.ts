import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProviderError } from "../../core/errors.js";
import type { BreakerNotice, Model } from "../model.js";
import { createOpenaiModel } from "../openai.js";
import { retryingModel } from "../retry.js";
import { EndpointGuards, type GuardSettings } from "./endpoint-guards.js";
import { guardedModel } from "./guarded-model.js";
import { modelOf, REQUEST, replyOf } from "./testing/fake-model.js";
import { ManualTiming } from "./testing/manual-timing.js";

const signal = new AbortController().signal;
const NOTHING: GuardSettings = { breaker: null, rate: null, maxConcurrent: null };

function guarded(model: Model, timing: ManualTiming, settings: Partial<GuardSettings>, maxWaitMs = 60_000) {
  const guard = new EndpointGuards(timing).guardOf("endpoint", model.name, { ...NOTHING, ...settings });
  return guardedModel(model, { guard, maxWaitMs, timing });
}

describe("a breaker before a real server", () => {
  let server: Server;
  let status = 503;
  let requests = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      request.resume();
      response.writeHead(status, { "content-type": "application/json" });
      response.end(
        JSON.stringify(
          status === 200
            ? { model: "m", choices: [{ message: { content: "up again" }, finish_reason: "stop" }] }
            : { error: { type: "server_error" } },
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("closed, open, half-open, closed; nothing is sent while it is open", async () => {
    const timing = new ManualTiming();
    const openai = createOpenaiModel({
      model: "m",
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      apiKey: null,
      keyEnv: "NO_KEY",
      stream: false,
      deadlines: { totalMs: 5_000, idleMs: 5_000 },
      priceOf: () => null,
      now: Date.now,
    });
    const breaker = { failureRate: 0.5, minCalls: 3, windowMs: 10_000, openMs: 5_000 };
    const model = guarded(openai, timing, { breaker });
    const changes: BreakerNotice[] = [];
    const ask = () => model.complete(REQUEST, { signal, onBreakerChange: (change) => changes.push(change) });

    for (let call = 0; call < 3; call += 1) await expect(ask()).rejects.toMatchObject({ status: 503 });
    expect(requests).toBe(3);
    const refusal = { code: "PROVIDER_UNAVAILABLE", message: expect.stringContaining("breaker is open") };
    await expect(ask()).rejects.toMatchObject(refusal);
    expect(requests).toBe(3);

    await timing.advance(5_000);
    await expect(ask()).rejects.toMatchObject({ status: 503 });
    expect(requests).toBe(4);
    await expect(ask()).rejects.toMatchObject(refusal);

    status = 200;
    await timing.advance(5_000);
    const both = await Promise.allSettled([ask(), ask()]);
    expect(both.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    expect(requests).toBe(5);
    expect((await ask()).text).toBe("up again");
    expect(changes.map(({ provider, model: name, from, to }) => [provider, name, from, to])).toEqual([
      ["openai", "m", "closed", "open"],
      ["openai", "m", "open", "half-open"],
      ["openai", "m", "half-open", "open"],
      ["openai", "m", "open", "half-open"],
      ["openai", "m", "half-open", "closed"],
    ]);
  });

  test("a refused call is not made again by the retries", async () => {
    const timing = new ManualTiming();
    const failing = modelOf("m", async () => {
      throw new ProviderError("PROVIDER_UNAVAILABLE", "down", {
        isRetryable: true,
      });
    });
    const breaker = { failureRate: 1, minCalls: 2, windowMs: 10_000, openMs: 5_000 };
    const waits: number[] = [];
    const model = retryingModel(guarded(failing, timing, { breaker }), {
      maxRetries: 9,
      random: () => 0,
      sleep: async (ms) => void waits.push(ms),
    });
    await expect(model.complete(REQUEST, { signal })).rejects.toThrow("breaker is open");
    expect(failing.calls).toBe(2);
    expect(waits).toHaveLength(2);
  });
});

test("never more calls at once than allowed, for all who share the endpoint", async () => {
  const timing = new ManualTiming();
  let active = 0;
  let most = 0;
  const slow = (name: string) =>
    modelOf(name, async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise<void>((resolve) => timing.after(100, resolve));
      active -= 1;
      return replyOf("done");
    });
  const guards = new EndpointGuards(timing);
  const models = ["a", "b"].map((name) =>
    guardedModel(slow(name), {
      guard: guards.guardOf("endpoint", name, { ...NOTHING, maxConcurrent: 3 }),
      maxWaitMs: 60_000,
      timing,
    }),
  );
  const calls = Array.from({ length: 10 }, (_, index) => models[index % 2]!.complete(REQUEST, { signal }));
  await timing.advance(1_000);
  expect(await Promise.all(calls)).toHaveLength(10);
  expect(most).toBe(3);
});

test("a turn that does not come in time is a rate limit of our own, and gives its place back", async () => {
  const timing = new ManualTiming();
  const model = guarded(
    modelOf("m", async () => replyOf("done")),
    timing,
    { rate: { requestsPerMinute: 1, tokensPerMinute: null }, maxConcurrent: 1 },
    1_000,
  );
  await model.complete(REQUEST, { signal });
  await expect(model.complete(REQUEST, { signal })).rejects.toMatchObject({
    code: "PROVIDER_RATE_LIMITED",
    nextStep: expect.stringContaining("model.fallbacks"),
  });
  await timing.advance(60_000);
  expect((await model.complete(REQUEST, { signal })).text).toBe("done");
});

test("an abort while queued sends nothing", async () => {
  const timing = new ManualTiming();
  const inner = modelOf("m", async () => replyOf("done"));
  const model = guarded(inner, timing, { rate: { requestsPerMinute: 1, tokensPerMinute: null } });
  await model.complete(REQUEST, { signal });
  const controller = new AbortController();
  const queued = model.complete(REQUEST, { signal: controller.signal });
  controller.abort();
  await expect(queued).rejects.toMatchObject({ code: "PROVIDER_ABORTED" });
  expect(inner.calls).toBe(1);
  expect(timing.pending).toBe(0);
});

test("tokens are estimated before, and settled by what the reply says", async () => {
  const timing = new ManualTiming();
  const usage = { inputTokens: 10, outputTokens: 10 };
  const inner = modelOf("m", async () => ({ ...replyOf("done"), usage }));
  // The estimate of one call is 401: two of them at once do not fit, after settling they do.
  const model = guarded(inner, timing, { rate: { requestsPerMinute: null, tokensPerMinute: 500 } });
  await model.complete(REQUEST, { signal });
  await model.complete(REQUEST, { signal });
  expect(inner.calls).toBe(2);
  const unknown = guarded(
    modelOf("m", async () => replyOf("done")),
    timing,
    { rate: { requestsPerMinute: null, tokensPerMinute: 500 } },
    1_000,
  );
  await unknown.complete(REQUEST, { signal });
  await expect(unknown.complete(REQUEST, { signal })).rejects.toMatchObject({
    code: "PROVIDER_RATE_LIMITED",
  });
});
