import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrivalTimes } from "./arrival-times.js";
import { riseOf, summariseGauges } from "./gauge-sampler.js";
import type { LoadRequest } from "./run-load.js";
import { queueGrows, summariseLoad } from "./summarise-load.js";
import { summariseGaps, summariseTimes } from "./summarise-times.js";

const NO_OBJECTIVES = { ttftMs: null, itlMs: null, gapMs: null, e2eMs: null };

function request(dueAt: number, changes: Partial<LoadRequest> = {}): LoadRequest {
  return {
    dueAt,
    releasedAt: dueAt,
    sentAt: dueAt,
    pieceTimes: [dueAt + 10, dueAt + 20, dueAt + 60],
    endedAt: dueAt + 61,
    outputTokens: 3,
    failure: null,
    isUnfinished: false,
    underWay: 1,
    ...changes,
  };
}

function summary(requests: readonly LoadRequest[], objectives = NO_OBJECTIVES) {
  const run = { requests, windowMs: 1000, wasInterrupted: false };
  return summariseLoad(run, { rate: 10, objectives, lagLimitMs: 50, gauges: [] });
}

describe("arrivals", () => {
  it("come at the rate, in order, within the time, and the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("poisson" as const, "constant" as const),
        fc.double({ min: 0.5, max: 200, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (kind, rate, seed) => {
          const options = { kind, rate, durationMs: 5000, seed };
          const times = arrivalTimes(options);
          expect(times.every((at, index) => at >= (times[index - 1] ?? 0) && at < 5000)).toBe(true);
          expect(arrivalTimes(options)).toEqual(times);
          const expected = rate * 5;
          const slack = kind === "constant" ? 1 : 6 * Math.sqrt(expected) + 4;
          expect(Math.abs(times.length - expected)).toBeLessThanOrEqual(slack);
        },
      ),
    );
  });

  it("have exponential gaps: mean and deviation are alike", () => {
    const times = arrivalTimes({ kind: "poisson", rate: 100, durationMs: 200_000, seed: 7 });
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeGreaterThan(9.7);
    expect(mean).toBeLessThan(10.3);
    expect(deviation / mean).toBeGreaterThan(0.97);
    expect(deviation / mean).toBeLessThan(1.03);
  });

  it("alternate when one of two constant sequences is shifted by half", () => {
    const options = { kind: "constant" as const, rate: 10, durationMs: 300, seed: 1 };
    expect(arrivalTimes(options)).toEqual([0, 100, 200]);
    expect(arrivalTimes({ ...options, shift: 0.5 })).toEqual([50, 150, 250]);
    expect(arrivalTimes({ ...options, rate: 0.1, durationMs: 30_000 })).toHaveLength(3);
  });
});

describe("claims", () => {
  const values = (n: number) => Array.from({ length: n }, (_, index) => index);
  it.each([
    [5, [false, false, false, false]],
    [6, [true, false, false, false]],
    [71, [true, true, false, false]],
    [72, [true, true, true, false]],
    [367, [true, true, true, false]],
    [368, [true, true, true, true]],
  ])("of %i values are those that order statistics allow", (n, claimed) => {
    const isClaimed = ({ quantiles }: ReturnType<typeof summariseTimes>) =>
      quantiles.map(({ value }) => value !== null);
    expect(isClaimed(summariseTimes(values(n)))).toEqual(claimed);
    // Many gaps of few requests are few.
    expect(isClaimed(summariseGaps(values(n).map(() => [1, 2, 3])))).toEqual(claimed);
  });

  it("of nothing are none", () => {
    expect(summariseTimes([])).toMatchObject({ n: 0, meanMs: null, maxMs: null });
    expect(summariseGaps([[], []])).toMatchObject({ n: 0, meanMs: null });
  });
});

describe("a load", () => {
  it("counts a request as good when it meets every objective, from when it was due", () => {
    const requests = [
      request(0),
      request(100, { sentAt: 130, pieceTimes: [145], endedAt: 150 }),
      request(200),
    ];
    expect(summary(requests)).toMatchObject({ goodput: 3, goodShare: 1, offered: 3 });
    const share = (objectives: Partial<typeof NO_OBJECTIVES>) =>
      summary(requests, { ...NO_OBJECTIVES, ...objectives } as typeof NO_OBJECTIVES).goodput;
    expect(share({ ttftMs: 20 as never })).toBe(2);
    expect(share({ itlMs: 20 as never })).toBe(1);
    expect(share({ itlMs: 25 as never, gapMs: 40 as never })).toBe(3);
    expect(share({ gapMs: 39 as never })).toBe(1);
    expect(share({ e2eMs: 55 as never })).toBe(1);
  });

  it("has no tokens a second when one answer has no count", () => {
    expect(summary([request(0), request(10, { outputTokens: null })])).toMatchObject({
      outputTokens: null,
      tokensPerSecond: null,
    });
  });

  it("without a request is an error, and so is one that came too late", () => {
    expect(summary([])).toMatchObject({ state: "error", goodput: null });
    const late = Array.from({ length: 100 }, (_, index) =>
      request(index, { releasedAt: index + (index > 96 ? 80 : 0) }),
    );
    expect(summary(late)).toMatchObject({ state: "error", generatorLag: { p99Ms: 80, limitMs: 50 } });
  });

  it("grows only when ever more requests are under way", () => {
    const underWay = (of: (index: number) => number) =>
      Array.from({ length: 300 }, (_, index) => request((index * 1000) / 300, { underWay: of(index) }));
    expect(
      queueGrows(
        underWay((index) => index / 3),
        1000,
      ),
    ).toBe(true);
    expect(
      queueGrows(
        underWay((index) => 40 + (index % 9)),
        1000,
      ),
    ).toBe(false);
    expect(
      queueGrows(
        underWay((index) => Math.min(60, index)),
        1000,
      ),
    ).toBe(false);
    expect(
      queueGrows(
        underWay((index) => (index > 200 ? 3 : 1)),
        1000,
      ),
    ).toBe(false);
    expect(queueGrows([], 1000)).toBe(false);
  });
});

it("a counter that began anew rose by what it shows since", () => {
  expect(riseOf([5, 7, null, 2, 3])).toBe(5);
  expect(riseOf([5])).toBeNull();
  expect(summariseGauges([])).toBeNull();
});
