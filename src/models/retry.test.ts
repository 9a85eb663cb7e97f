import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProviderError, type ProviderErrorCode } from "../core/errors.js";
import type { ModelReply } from "../core/message.js";
import type { Model, ModelRequest, RetryNotice } from "./model.js";
import { retryDelayMs, retryingModel, sleepFor } from "./retry.js";

const REPLY: ModelReply = {
  text: "done",
  toolCalls: [],
  finishReason: "stop",
  usage: null,
  costUsd: null,
  model: "m",
};
const REQUEST: ModelRequest = {
  messages: [],
  tools: [],
  parameters: {},
  position: { caseId: "c", trial: 1, speaker: "agent", turn: 2 },
};

/** Fails with the given errors in turn, then answers. */
function failing(...errors: Error[]): Model & { calls: number } {
  return {
    provider: "test",
    name: "m",
    calls: 0,
    async complete() {
      this.calls += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
      return REPLY;
    },
  };
}

function failed(code: ProviderErrorCode, isRetryable: boolean, retryAfterMs?: number): ProviderError {
  return new ProviderError(code, code, {
    isRetryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

describe("retryingModel", () => {
  test("reports each attempt and waits at least as long as the provider asks", async () => {
    const notices: RetryNotice[] = [];
    const waits: number[] = [];
    const model = retryingModel(
      failing(failed("PROVIDER_RATE_LIMITED", true, 3_000), failed("PROVIDER_UNAVAILABLE", true)),
      {
        maxRetries: 2,
        random: () => 1,
        sleep: async (ms) => void waits.push(ms),
      },
    );
    const { signal } = new AbortController();
    expect(await model.complete(REQUEST, { signal, onRetry: (notice) => notices.push(notice) })).toBe(REPLY);
    expect(waits).toEqual([3_000, 1_000]);
    expect(notices.map(({ attempt, waitMs, error }) => [attempt, waitMs, error.code])).toEqual([
      [1, 3_000, "PROVIDER_RATE_LIMITED"],
      [2, 1_000, "PROVIDER_UNAVAILABLE"],
    ]);
  });

  test.each([
    ["an error that will not pass", failed("PROVIDER_AUTH", false), 5],
    ["a bug", new RangeError("ours"), 5],
    ["the last allowed attempt", failed("PROVIDER_TIMEOUT", true), 0],
  ])("does not retry %s", async (_name, error, maxRetries) => {
    const inner = failing(error, error);
    const model = retryingModel(inner, { maxRetries, random: () => 0, sleep: async () => undefined });
    await expect(model.complete(REQUEST, { signal: new AbortController().signal })).rejects.toBe(error);
    expect(inner.calls).toBe(1);
  });

  test("stops when aborted while waiting", async () => {
    const controller = new AbortController();
    const inner = failing(failed("PROVIDER_RATE_LIMITED", true, 60_000));
    const model = retryingModel(inner, {
      maxRetries: 3,
      random: () => 1,
      sleep: sleepFor,
    });
    const startedAt = performance.now();
    const onRetry = () => setTimeout(() => controller.abort(), 20);
    await expect(model.complete(REQUEST, { signal: controller.signal, onRetry })).rejects.toMatchObject({
      code: "PROVIDER_ABORTED",
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(inner.calls).toBe(1);
  });
});

test("the wait stays within its bounds whatever is asked", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 11 }),
      fc.option(fc.nat(10_000_000), { nil: undefined }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (attempt, retryAfterMs, draw) => {
        const waitMs = retryDelayMs(attempt, retryAfterMs, { random: () => draw });
        expect(waitMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs ?? 0, 60_000));
        expect(waitMs).toBeLessThanOrEqual(60_000);
        if (retryAfterMs === undefined) {
          expect(waitMs).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** (attempt - 1)));
        }
      },
    ),
  );
});

test.each([
  [1, 0, 0],
  [1, 0.5, 250],
  [2, 0.5, 500],
  [4, 0.25, 1000],
  [20, 0.5, 15_000],
])("full jitter: before attempt %d + 1, a draw of %d waits %d ms", (attempt, draw, expected) => {
  expect(retryDelayMs(attempt, undefined, { random: () => draw })).toBe(expected);
});
