import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairedRateRatio, pairedRateRatioScore } from "./paired-rate-ratio.js";
import { rateRatio, rateRatioScore } from "./rate-ratio.js";
import { tangoScore } from "./tango.js";

interface Oracle {
  readonly paired: readonly {
    readonly pairs: readonly [number, number, number, number];
    readonly ratio: number;
    readonly score: number;
  }[];
  readonly unpaired: readonly {
    readonly baseline: readonly [number, number];
    readonly current: readonly [number, number];
    readonly level: number;
    readonly lower: number;
    readonly upper: number;
  }[];
}

const oracle = JSON.parse(
  readFileSync(new URL("../../test/oracles/rate-ratio.json", import.meta.url), "utf8"),
) as Oracle;

const pairsOf = ([bothPass, baselineOnly, currentOnly, bothFail]: readonly [
  number,
  number,
  number,
  number,
]) => ({
  bothPass,
  baselineOnly,
  currentOnly,
  bothFail,
});
const cell = fc.integer({ min: 0, max: 60 });
const cells = fc.tuple(cell, cell, cell, cell);
const arm = ([successes, trials]: readonly [number, number]) => ({ successes, trials });

describe("the ratio of two pass rates of the same cases", () => {
  it.each(oracle.paired)("has the score of a search for the likeliest cells: $pairs at $ratio", (one) => {
    expect(pairedRateRatioScore(pairsOf(one.pairs), one.ratio)).toBeCloseTo(one.score, 5);
  });

  it("is tested at 1 as the difference is at 0", () => {
    fc.assert(
      fc.property(cells, (counts) => {
        const pairs = pairsOf(counts);
        fc.pre(pairs.bothPass + pairs.baselineOnly > 0);
        expect(pairedRateRatioScore(pairs, 1)).toBeCloseTo(tangoScore(pairs, 0), 9);
      }),
    );
  });

  it("lies within its limits, at which the score is z", () => {
    fc.assert(
      fc.property(cells, (counts) => {
        const pairs = pairsOf(counts);
        fc.pre(pairs.bothPass + pairs.baselineOnly > 0);
        const { estimate, lower, upper } = pairedRateRatio(pairs, 0.9);
        expect(lower!).toBeLessThanOrEqual(estimate!);
        if (lower! > 0) expect(pairedRateRatioScore(pairs, lower!)).toBeCloseTo(1.6448536269514722, 6);
        if (upper === null) return;
        expect(upper).toBeGreaterThanOrEqual(estimate!);
        expect(pairedRateRatioScore(pairs, upper)).toBeCloseTo(-1.6448536269514722, 6);
      }),
    );
  });

  it.each([
    [0.02, 133],
    [0.05, 52],
  ])("in perfect agreement excludes a loss of %d from %d cases on, as the difference does", (margin, n) => {
    const lowerOf = (count: number) => pairedRateRatio(pairsOf([count, 0, 0, 0]), 0.9).lower!;
    expect(lowerOf(n)).toBeGreaterThan(1 - margin);
    expect(lowerOf(n - 1)).toBeLessThan(1 - margin);
  });

  it("does not exist without a pass of the baseline", () => {
    expect(pairedRateRatio(pairsOf([0, 0, 3, 5]))).toEqual({ estimate: null, lower: null, upper: null });
    expect(pairedRateRatio(pairsOf([0, 4, 0, 5]))).toMatchObject({ estimate: 0, lower: 0 });
  });
});

describe("the ratio of two pass rates of different cases", () => {
  it.each(oracle.unpaired)("has the limits of statsmodels: $baseline, $current at $level", (one) => {
    const { lower, upper } = rateRatio(arm(one.baseline), arm(one.current), one.level);
    expect(lower).toBeCloseTo(one.lower, 6);
    expect(upper).toBeCloseTo(one.upper, 6);
  });

  it("turns round with its arms", () => {
    const armUpTo = fc
      .integer({ min: 1, max: 80 })
      .chain((trials) =>
        fc.record({ successes: fc.integer({ min: 1, max: trials }), trials: fc.constant(trials) }),
      );
    fc.assert(
      fc.property(armUpTo, armUpTo, fc.double({ min: 0.2, max: 5, noNaN: true }), (a, b, ratio) => {
        expect(rateRatioScore(a, b, ratio)).toBeCloseTo(-rateRatioScore(b, a, 1 / ratio), 7);
      }),
    );
  });

  it("does not exist without a pass of the baseline, nor without data", () => {
    expect(rateRatio(arm([0, 5]), arm([3, 5])).estimate).toBeNull();
    expect(rateRatio(arm([2, 5]), arm([0, 0])).estimate).toBeNull();
  });
});
