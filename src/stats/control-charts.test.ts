import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bernoulliCusum } from "./bernoulli-cusum.js";
import { cusum } from "./cusum.js";
import { ewma } from "./ewma.js";
import { sampleRatioMismatch } from "./sample-ratio-mismatch.js";
import { StatisticsError } from "./statistics-error.js";

const data = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 });

describe("CUSUM", () => {
  it("mirrors: negated data swap the two sums", () => {
    fc.assert(
      fc.property(data, (values) => {
        const options = { target: 3, allowance: 0.5, limit: 5 };
        const one = cusum(values, options);
        const other = cusum(
          values.map((value) => -value),
          { ...options, target: -3 },
        );
        expect(other.upper).toEqual(one.lower);
        expect(other.lower).toEqual(one.upper);
        expect(other.firstSignal).toBe(one.firstSignal);
      }),
    );
  });

  it("signals strictly above the limit, on either side", () => {
    const options = { target: 0, allowance: 1, limit: 4 };
    expect(cusum([3, 3], options)).toEqual({ upper: [2, 4], lower: [0, 0], firstSignal: null });
    expect(cusum([-3, -3, -2], options).firstSignal).toBe(2);
    expect(cusum([], options)).toEqual({ upper: [], lower: [], firstSignal: null });
    expect(() => cusum([Number.NaN], options)).toThrow(StatisticsError);
    expect(() => cusum([1], { ...options, allowance: -1 })).toThrow(StatisticsError);
    expect(() => cusum([1], { ...options, limit: Number.NaN })).toThrow(StatisticsError);
  });
});

describe("EWMA", () => {
  it("stays between the least and the largest value, and its limits widen to a ceiling", () => {
    fc.assert(
      fc.property(data, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, weight) => {
        const chart = ewma(values, { target: 0, sd: 2, weight, width: 3 });
        const ceiling = 6 * Math.sqrt(weight / (2 - weight));
        for (const [index, average] of chart.average.entries()) {
          expect(average).toBeGreaterThanOrEqual(Math.min(0, ...values) - 1e-9);
          expect(average).toBeLessThanOrEqual(Math.max(0, ...values) + 1e-9);
          expect(chart.upperLimit[index]!).toBeGreaterThanOrEqual(chart.upperLimit[index - 1] ?? 0);
          expect(chart.upperLimit[index]!).toBeLessThanOrEqual(ceiling + 1e-9);
        }
      }),
    );
  });

  it("with weight 1 is the Shewhart chart, and constant data on target never signal", () => {
    const shewhart = ewma([0.2, -3.1, 0], { target: 0, sd: 1, weight: 1, width: 3 });
    expect(shewhart).toEqual({
      average: [0.2, -3.1, 0],
      upperLimit: [3, 3, 3],
      lowerLimit: [-3, -3, -3],
      firstSignal: 1,
    });
    const still = ewma(Array<number>(50).fill(0.9), { target: 0.9, sd: 0, weight: 0.1, width: 3 });
    expect(still.firstSignal).toBeNull();
  });

  it.each([
    { target: 0, sd: -1, weight: 0.2, width: 3 },
    { target: 0, sd: 1, weight: 0, width: 3 },
    { target: 0, sd: 1, weight: 1.1, width: 3 },
    { target: 0, sd: 1, weight: 0.2, width: -3 },
    { target: Number.NaN, sd: 1, weight: 0.2, width: 3 },
  ])("refuses %o", (options) => {
    expect(() => ewma([1], options)).toThrow(StatisticsError);
  });
});

describe("Bernoulli CUSUM", () => {
  it("rises on events when looking for a higher rate, on their absence when for a lower", () => {
    expect(bernoulliCusum([1, 0], { p0: 0.1, p1: 0.3, limit: 1 })).toMatchObject({ firstSignal: 0 });
    expect(bernoulliCusum([1, 0], { p0: 0.3, p1: 0.1, limit: 0.2 })).toMatchObject({ firstSignal: 1 });
    expect(bernoulliCusum([], { p0: 0.3, p1: 0.1, limit: 1 })).toEqual({ path: [], firstSignal: null });
  });

  it.each([
    [[2], 0.1, 0.3, 1],
    [[Number.NaN], 0.1, 0.3, 1],
    [[1], 0, 0.3, 1],
    [[1], 0.1, 1, 1],
    [[1], 0.1, 0.1, 1],
    [[1], 0.1, 0.3, -1],
  ])("refuses events %j, p0 %d, p1 %d, limit %d", (events, p0, p1, limit) => {
    expect(() => bernoulliCusum(events, { p0, p1, limit })).toThrow(StatisticsError);
  });
});

describe("sample ratio mismatch", () => {
  it("depends on the ratio of the shares alone, and on no order of arms", () => {
    const arm = fc.tuple(fc.nat(10_000), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(arm, { minLength: 2, maxLength: 5 }), (arms) => {
        const counts = arms.map(([count]) => count);
        const one = sampleRatioMismatch(
          counts,
          arms.map(([, share]) => share),
        );
        const scaled = sampleRatioMismatch(
          counts,
          arms.map(([, share]) => share / 7),
        );
        const reversed = [...arms].reverse();
        const other = sampleRatioMismatch(
          reversed.map(([count]) => count),
          reversed.map(([, share]) => share),
        );
        expect(Math.abs(scaled.chiSquare - one.chiSquare)).toBeLessThan(1e-9 * (1 + one.chiSquare));
        expect(Math.abs(other.chiSquare - one.chiSquare)).toBeLessThan(1e-9 * (1 + one.chiSquare));
        expect(one.p).toBeGreaterThanOrEqual(0);
        expect(one.p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("calls no requests no mismatch, and refuses arms that cannot be", () => {
    expect(sampleRatioMismatch([0, 0, 0], [1, 1, 1])).toEqual({ chiSquare: 0, p: 1, mismatch: false });
    expect(() => sampleRatioMismatch([1], [1])).toThrow(StatisticsError);
    expect(() => sampleRatioMismatch([1, 2], [1])).toThrow(StatisticsError);
    expect(() => sampleRatioMismatch([1, 2.5], [1, 1])).toThrow(StatisticsError);
    expect(() => sampleRatioMismatch([1, 2], [1, 0])).toThrow(StatisticsError);
    expect(() => sampleRatioMismatch([1, 2], [1, 1], 0)).toThrow(StatisticsError);
  });
});
