import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mcnemarChiSquare } from "./mcnemar-chi-square.js";
import { mcnemarExact } from "./mcnemar-exact.js";
import { mcnemarMidP } from "./mcnemar-mid-p.js";
import { nonInferiorityPaired } from "./non-inferiority-paired.js";
import type { PairedCounts } from "./paired-counts.js";
import { StatisticsError } from "./statistics-error.js";
import { tango } from "./tango.js";

const pairs = (baselineOnly: number, currentOnly: number, n: number): PairedCounts => ({
  bothPass: n - baselineOnly - currentOnly,
  baselineOnly,
  currentOnly,
  bothFail: 0,
});
const cell = fc.integer({ min: 0, max: 300 });
const table = fc
  .record({ bothPass: cell, baselineOnly: cell, currentOnly: cell, bothFail: cell })
  .filter((counts) => Object.values(counts).some((count) => count > 0));
const swap = (counts: PairedCounts): PairedCounts => ({
  ...counts,
  baselineOnly: counts.currentOnly,
  currentOnly: counts.baselineOnly,
});
const apart = (got: number | null, wanted: number) => Math.abs(got! - wanted) / Math.abs(wanted);

describe("McNemar", () => {
  it.each([
    [200, 60, 4.473976203826421e-19, 2.898801876646735e-19],
    [500_300, 499_700, 0.2745864529565638, 0.27425322838059657],
    [400, 0, 3.8725919148493183e-121, 1.9362959574246591e-121],
  ])("agrees with whole-number arithmetic and scipy 1.10.1: %d lost, %d won", (lost, won, exact, mid) => {
    expect(apart(mcnemarExact(lost, won, "worse").p, exact)).toBeLessThan(1e-11);
    expect(apart(mcnemarExact(won, lost, "better").p, exact)).toBeLessThan(1e-11);
    expect(apart(mcnemarMidP(lost, won, "worse").p, mid)).toBeLessThan(1e-11);
    expect(apart(mcnemarMidP(lost, won, "two-sided").p, 2 * mid)).toBeLessThan(1e-11);
  });

  it("mid-p is never above exact; mid tails sum to 1; more lost cases never look better", () => {
    const count = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(count, count, (lost, won) => {
        for (const alternative of ["worse", "better", "two-sided"] as const) {
          const exact = mcnemarExact(lost, won, alternative).p;
          expect(mcnemarMidP(lost, won, alternative).p).toBeLessThanOrEqual(exact);
          expect(exact).toBeLessThanOrEqual(1);
          expect(mcnemarExact(won, lost, "two-sided").p).toBe(mcnemarExact(lost, won, "two-sided").p);
        }
        if (lost + won > 0) {
          const tails = mcnemarMidP(lost, won, "worse").p + mcnemarMidP(lost, won, "better").p;
          expect(tails).toBeCloseTo(1, 12);
          expect(mcnemarExact(lost + 1, won, "worse").p).toBeLessThanOrEqual(
            mcnemarExact(lost, won, "worse").p,
          );
        }
      }),
    );
  });

  it("chi-square agrees with R 4.2.2 mcnemar.test, also where the correction would overshoot", () => {
    expect(apart(mcnemarChiSquare(12, 3).statistic, 4.2666666666666666)).toBeLessThan(1e-14);
    expect(apart(mcnemarChiSquare(12, 3).p, 0.038867103812417238)).toBeLessThan(1e-12);
    // statsmodels 0.13.5, mcnemar(exact=False, correction=True)
    expect(apart(mcnemarChiSquare(6, 6).statistic, 1 / 12)).toBeLessThan(1e-15);
    expect(apart(mcnemarChiSquare(6, 6).p, 0.7728299926844475)).toBeLessThan(1e-12);
    expect(mcnemarChiSquare(0, 0)).toEqual({ statistic: 0, p: 1 });
    expect(mcnemarChiSquare(4, 3)).toEqual({ statistic: 0, p: 1 });
  });

  it("says 1 without a discordant pair, refuses what is no count", () => {
    for (const test of [mcnemarExact, mcnemarMidP]) {
      for (const alternative of ["worse", "better", "two-sided"] as const) {
        expect(test(0, 0, alternative)).toEqual({ p: 1, discordant: 0 });
      }
      for (const wrong of [-1, 0.5, Number.NaN]) {
        expect(() => test(wrong, 1, "worse")).toThrow(StatisticsError);
        expect(() => test(1, wrong, "worse")).toThrow(StatisticsError);
      }
      expect(() => test(1, 1, "less" as "worse")).toThrow(StatisticsError);
    }
    expect(() => mcnemarChiSquare(-1, 1)).toThrow(StatisticsError);
  });
});

describe("Tango interval", () => {
  it.each([
    [5, 0, 1_000_000, 0.95, -1.1705702681035917e-5, -1.1585367288346892e-6],
    [0, 1, 3, 0.99, -0.5848424569936708, 0.855783984952333],
    [700, 650, 50_000, 0.9, -0.0022107561421119575, 0.0002089182911146352],
    [60, 0, 60, 0.95, -1, -0.8796562957158203],
  ])("agrees with bisection in mpmath 1.2.1: %d lost, %d won of %d", (lost, won, n, level, lower, upper) => {
    const got = tango(pairs(lost, won, n), level);
    expect(Math.abs(got.lower! - lower)).toBeLessThan(1e-14);
    expect(Math.abs(got.upper! - upper)).toBeLessThan(1e-14);
  });

  it("with all pairs alike is ±z²/(n + z²)", () => {
    const zSquared = 1.959963984540054 ** 2;
    for (const n of [1, 30, 1000, 1_000_000]) {
      expect(tango(pairs(0, 0, n)).upper!).toBeCloseTo(zSquared / (n + zSquared), 13);
      expect(tango(pairs(0, 0, n)).lower!).toBeCloseTo(-zSquared / (n + zSquared), 13);
    }
  });

  it("lies in [-1, 1] around the difference, turns round with the versions, widens with the level", () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0.5, max: 0.98, noNaN: true }), (counts, level) => {
        const got = tango(counts, level);
        const swapped = tango(swap(counts), level);
        const wider = tango(counts, level + 0.01);
        expect(got.lower).toBeGreaterThanOrEqual(-1);
        expect(got.upper).toBeLessThanOrEqual(1);
        expect(got.lower!).toBeLessThanOrEqual(got.estimate!);
        expect(got.upper!).toBeGreaterThanOrEqual(got.estimate!);
        expect(swapped.lower!).toBeCloseTo(-got.upper!, 13);
        expect(wider.lower!).toBeLessThanOrEqual(got.lower!);
        expect(wider.upper!).toBeGreaterThanOrEqual(got.upper!);
      }),
    );
  });

  it("only the number of concordant pairs counts, not which way they agree", () => {
    fc.assert(
      fc.property(table, (counts) => {
        const flipped = { ...counts, bothPass: counts.bothFail, bothFail: counts.bothPass };
        expect(tango(flipped)).toEqual(tango(counts));
      }),
    );
  });
});

describe("non-inferiority on the same cases", () => {
  it.each([
    [0.02, 133],
    [0.05, 52],
  ])("perfect agreement meets a margin of %d from %d cases on", (margin, enough) => {
    const verdict = (n: number) => nonInferiorityPaired(pairs(0, 0, n), { margin, alpha: 0.05 }).verdict;
    expect(verdict(enough - 1)).toBe("inconclusive");
    expect(verdict(enough)).toBe("pass");
  });

  it("passes exactly when p < alpha, fails only with the whole interval below the margin", () => {
    const margins = fc.constantFrom(0, 0.01, 0.03, 0.1, 0.4);
    fc.assert(
      fc.property(table, margins, (counts, margin) => {
        const got = nonInferiorityPaired(counts, { margin, alpha: 0.05 });
        if (Math.abs(got.p! - 0.05) > 1e-9) expect(got.verdict === "pass").toBe(got.p! < 0.05);
        expect(got.verdict === "fail").toBe(got.upper! < -margin);
      }),
    );
  });

  it("without pairs is inconclusive, and refuses what is no count, margin or alpha", () => {
    const options = { margin: 0.05, alpha: 0.05 };
    expect(nonInferiorityPaired(pairs(0, 0, 0), options)).toEqual({
      estimate: null,
      z: null,
      p: null,
      lower: null,
      upper: null,
      verdict: "inconclusive",
    });
    expect(nonInferiorityPaired(pairs(0, 0, 500), { margin: 0, alpha: 0.05 })).toMatchObject({ z: 0, p: 1 });
    expect(tango(pairs(0, 0, 0))).toEqual({ estimate: null, lower: null, upper: null });
    for (const wrong of [-1, 0.5, Number.NaN]) {
      expect(() => tango({ ...pairs(1, 1, 5), bothFail: wrong })).toThrow(StatisticsError);
      expect(() => nonInferiorityPaired({ ...pairs(1, 1, 5), bothPass: wrong }, options)).toThrow(
        StatisticsError,
      );
    }
    for (const margin of [-0.1, 1]) {
      expect(() => nonInferiorityPaired(pairs(1, 1, 5), { margin, alpha: 0.05 })).toThrow(StatisticsError);
    }
    expect(() => nonInferiorityPaired(pairs(1, 1, 5), { margin: 0.1, alpha: 0.5 })).toThrow(StatisticsError);
    expect(() => tango(pairs(1, 1, 5), 1)).toThrow(StatisticsError);
  });
});
