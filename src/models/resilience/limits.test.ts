import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConcurrencyLimiter } from "./concurrency-limiter.js";
import { RateLimiter } from "./rate-limiter.js";
import { ManualTiming } from "./testing/manual-timing.js";
import { TokenBucket } from "./token-bucket.js";

const never = new AbortController().signal;
const FOREVER_MS = 10 * 60_000;

describe("token bucket", () => {
  test("never lets more than its size through in any window", () => {
    const asks = fc.array(fc.record({ amount: fc.integer({ min: 1, max: 50 }), gapMs: fc.nat(40_000) }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 200 }), asks, (size, wanted) => {
        const bucket = new TokenBucket(size, 60_000);
        const grants: { readonly atMs: number; readonly amount: number }[] = [];
        let nowMs = 0;
        for (const { amount, gapMs } of wanted) {
          nowMs += gapMs;
          // It may say more than once that it is too early, but each time later.
          for (let waitMs = bucket.waitMs(amount, nowMs); waitMs > 0; waitMs = bucket.waitMs(amount, nowMs)) {
            nowMs += waitMs;
          }
          bucket.take(amount, nowMs);
          grants.push({ atMs: nowMs, amount });
        }
        for (const { atMs: startMs } of grants) {
          const inWindow = grants.filter(({ atMs }) => atMs >= startMs && atMs < startMs + 60_000);
          expect(inWindow.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(size);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("does not wait longer than it must", () => {
    const bucket = new TokenBucket(10, 60_000);
    bucket.take(4, 0);
    bucket.take(6, 20_000);
    expect(bucket.waitMs(4, 30_000)).toBe(30_000);
    expect(bucket.waitMs(5, 30_000)).toBe(50_000);
    expect(bucket.waitMs(4, 60_000)).toBe(0);
  });

  test("one that is larger than the bucket waits for a full one and goes alone", () => {
    const bucket = new TokenBucket(10, 60_000);
    bucket.take(1, 0);
    expect(bucket.waitMs(99, 1_000)).toBe(59_000);
    expect(bucket.waitMs(99, 60_000)).toBe(0);
    bucket.take(99, 60_000);
    expect(bucket.waitMs(1, 60_001)).toBe(59_999);
  });

  test("what was estimated too high comes back when the true amount is known, too low is charged", () => {
    const bucket = new TokenBucket(10, 60_000);
    const entry = bucket.take(10, 0);
    expect(bucket.waitMs(1, 1)).toBe(59_999);
    bucket.settle(entry, 3);
    expect(bucket.waitMs(7, 1)).toBe(0);
    bucket.settle(entry, 25);
    expect(bucket.waitMs(1, 1)).toBe(59_999);
    bucket.settle(entry, 0);
    expect(bucket.waitMs(10, 60_001)).toBe(0);
  });
});

describe("rate limiter", () => {
  const limiter = (timing: ManualTiming, requestsPerMinute: number | null, tokensPerMinute: number | null) =>
    new RateLimiter({ requestsPerMinute, tokensPerMinute }, timing);

  test("lets requests through in order, never more than the limit in a minute, with one timer for the rate", async () => {
    const timing = new ManualTiming();
    const rate = limiter(timing, 3, null);
    const passed: [number, number][] = [];
    for (let index = 0; index < 8; index += 1) {
      void rate.pass(1, never, FOREVER_MS).then(() => passed.push([index, timing.now()]));
    }
    await timing.advance(0);
    // The deadlines of the five that wait, and one for the first of them.
    expect(timing.pending).toBe(6);
    await timing.advance(200_000);
    expect(passed).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 60_000],
      [4, 60_000],
      [5, 60_000],
      [6, 120_000],
      [7, 120_000],
    ]);
    expect(timing.pending).toBe(0);
  });

  test("a large request is not overtaken by small ones", async () => {
    const timing = new ManualTiming();
    const rate = limiter(timing, null, 100);
    const passed: string[] = [];
    const ask = (name: string, tokens: number) =>
      void rate.pass(tokens, never, FOREVER_MS).then(() => passed.push(name));
    ask("first", 60);
    ask("large", 90);
    ask("small", 10);
    await timing.advance(59_999);
    expect(passed).toEqual(["first"]);
    await timing.advance(1);
    expect(passed).toEqual(["first", "large", "small"]);
  });

  test("settling lets the next one go at once", async () => {
    const timing = new ManualTiming();
    const rate = limiter(timing, null, 100);
    const first = await rate.pass(100, never, FOREVER_MS);
    let hasPassed = false;
    void rate.pass(50, never, FOREVER_MS).then(() => {
      hasPassed = true;
    });
    await timing.advance(10);
    expect(hasPassed).toBe(false);
    if ("taken" in first) rate.settle(first.taken, 20);
    await timing.advance(0);
    expect(hasPassed).toBe(true);
  });

  test("is refused at once when its turn would come too late, and at the end of its wait otherwise", async () => {
    const timing = new ManualTiming();
    const rate = limiter(timing, 1, null);
    await rate.pass(1, never, 0);
    expect(await rate.pass(1, never, 59_999)).toEqual({ refused: "too-long" });
    const second = rate.pass(1, never, 60_000);
    const third = rate.pass(1, never, 70_000);
    await timing.advance(70_000);
    expect(await second).toHaveProperty("taken");
    expect(await third).toEqual({ refused: "too-long" });
    expect(timing.pending).toBe(0);
  });

  test("an abort in the queue ends the wait and lets those behind move up", async () => {
    const timing = new ManualTiming();
    const rate = limiter(timing, null, 100);
    await rate.pass(60, never, FOREVER_MS);
    const controller = new AbortController();
    const large = rate.pass(90, controller.signal, FOREVER_MS);
    const small = rate.pass(40, never, FOREVER_MS);
    controller.abort();
    expect(await large).toEqual({ refused: "aborted" });
    expect(await small).toHaveProperty("taken");
    expect(timing.pending).toBe(0);
    expect(await rate.pass(1, AbortSignal.abort(), 1)).toEqual({ refused: "aborted" });
  });
});

describe("concurrency limiter", () => {
  test("never exceeds its limit, serves in order and serves all", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(3), { maxLength: 40 }),
        async (limit, steps) => {
          const limiter = new ConcurrencyLimiter(limit, new ManualTiming());
          const order: number[] = [];
          let active = 0;
          let most = 0;
          await Promise.all(
            steps.map(async (turns, index) => {
              await limiter.pass(never, FOREVER_MS);
              order.push(index);
              active += 1;
              most = Math.max(most, active);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              active -= 1;
              limiter.release();
            }),
          );
          expect(most).toBeLessThanOrEqual(limit);
          expect(order).toEqual([...order].sort((a, b) => a - b));
          expect(order).toHaveLength(steps.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("an abort in the queue takes no place", async () => {
    const limiter = new ConcurrencyLimiter(1, new ManualTiming());
    await limiter.pass(never, FOREVER_MS);
    const controller = new AbortController();
    const aborted = limiter.pass(controller.signal, FOREVER_MS);
    const next = limiter.pass(never, FOREVER_MS);
    controller.abort();
    expect(await aborted).toEqual({ refused: "aborted" });
    limiter.release();
    expect(await next).toHaveProperty("taken");
  });
});
