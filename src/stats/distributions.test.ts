import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaQuantile, betaUpperQuantile, incompleteBeta } from "./beta.js";
import { binomialCdf, binomialProbability, binomialQuantile, binomialUpperTail } from "./binomial.js";
import { logGamma } from "./gamma.js";
import { normalCdf, normalQuantile, normalUpperQuantile, normalUpperTail } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { studentTCdf, studentTUpperQuantile } from "./student-t.js";

/** Relative distance; the references come from mpmath 1.3.0 at 40 digits. */
const apart = (got: number, wanted: number) => Math.abs(got - wanted) / Math.abs(wanted);

describe("normal", () => {
  it.each([
    [-37, 5.7255712225245e-300],
    [-10, 7.619853024160525e-24],
    [-5, 2.866515718791939e-7],
    [-2.5, 0.006209665325776132],
    [-1, 0.15865525393145705],
  ])("cdf(%d)", (z, wanted) => {
    expect(apart(normalCdf(z), wanted)).toBeLessThan(1e-12);
    expect(normalUpperTail(-z)).toBe(normalCdf(z));
  });

  it("quantile inverts the cdf in both tails", () => {
    fc.assert(
      fc.property(fc.double({ min: -36, max: 0, noNaN: true }), (z) => {
        expect(Math.abs(normalQuantile(normalCdf(z)) - z)).toBeLessThan(1e-12);
        expect(Math.abs(normalUpperQuantile(normalUpperTail(-z)) + z)).toBeLessThan(1e-12);
      }),
    );
  });

  it("knows 1.96 and the ends", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(() => normalQuantile(1.5)).toThrow(StatisticsError);
    expect(() => normalQuantile(Number.NaN)).toThrow(StatisticsError);
  });
});

describe("gamma and beta", () => {
  it("log gamma of whole numbers is the log of a factorial", () => {
    let factorial = 0;
    for (let n = 1; n <= 100; n++) {
      expect(Math.abs(logGamma(n) - factorial)).toBeLessThan(1e-13 * Math.max(1, factorial));
      factorial += Math.log(n);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
    expect(() => logGamma(0)).toThrow(StatisticsError);
  });

  it.each([
    [300_000, 2, 0.99999, 0.19914528625188233],
    [1, 1, 0.3, 0.3],
    [2, 3, 0.9, 0.9963],
  ])("I(%d, %d, %d)", (a, b, x, wanted) => {
    expect(apart(incompleteBeta(a, b, x), wanted)).toBeLessThan(1e-13);
  });

  it("is symmetric, and quantiles invert it", () => {
    const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });
    const inside = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
    fc.assert(
      fc.property(shape, shape, inside, (a, b, p) => {
        const x = betaQuantile(p, a, b);
        if (x > 1e-12 && x < 1 - 1e-6) {
          expect(incompleteBeta(a, b, x)).toBeCloseTo(p, 8);
          expect(incompleteBeta(a, b, x) + incompleteBeta(b, a, 1 - x, x)).toBeCloseTo(1, 9);
        }
      }),
    );
    expect(apart(betaUpperQuantile(0.025, 1, 1_000_000), 3.688872650206489e-6)).toBeLessThan(1e-12);
    expect(() => incompleteBeta(0, 1, 0.5)).toThrow(StatisticsError);
  });
});

describe("Student's t", () => {
  it.each([
    [0.025, 1, 12.7062047361747],
    [0.025, 3, 3.18244630528371],
    [0.025, 1e7, 1.9599642217672055],
    [0.4, 7, 0.2631668613520229],
  ])("quantile of tail %d with %d degrees", (tail, degrees, wanted) => {
    expect(apart(studentTUpperQuantile(tail, degrees), wanted)).toBeLessThan(1e-11);
  });

  it("quantile inverts the cdf", () => {
    const degrees = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.5, noNaN: true }), degrees, (tail, df) => {
        expect(apart(studentTCdf(-studentTUpperQuantile(tail, df), df), tail)).toBeLessThan(1e-9);
      }),
    );
    expect(() => studentTCdf(1, 0)).toThrow(StatisticsError);
  });
});

describe("binomial", () => {
  it.each([
    [3, 1_000_000, 1e-5, 0.01033578584434617],
    [5, 10, 0.5, 0.623046875],
    [0, 1000, 0.001, 0.36769542477096],
  ])("cdf(%d; %d, %d)", (k, n, p, wanted) => {
    expect(apart(binomialCdf(k, n, p), wanted)).toBeLessThan(1e-10);
  });

  it("probabilities sum to the cdf, tails complete it, the quantile is the first k that reaches the level", () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), chance, chance, (n, p, level) => {
        let sum = 0;
        for (let k = 0; k <= n; k++) {
          sum += binomialProbability(k, n, p);
          expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 12);
          expect(binomialCdf(k, n, p) + binomialUpperTail(k + 1, n, p)).toBeCloseTo(1, 12);
        }
        const first = binomialQuantile(level, n, p);
        expect(binomialCdf(first, n, p)).toBeGreaterThanOrEqual(level - 1e-12);
        expect(first === 0 ? 0 : binomialCdf(first - 1, n, p)).toBeLessThanOrEqual(level);
      }),
    );
  });
});
