import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cohenKappa } from "./cohen-kappa.js";
import { labelsNeeded } from "./labels-needed.js";
import { StatisticsError } from "./statistics-error.js";

const KNOWN = { kappa: 0.8, se: 0.1, n: 50, floor: 0.7 };

describe("the labels that bring kappa's lower limit to a floor", () => {
  it("are those of the formula", () => {
    // 50 · (1.959964 · 0.1 / 0.1)² = 192.07
    expect(labelsNeeded(KNOWN)).toEqual({ more: 143, total: 193, reason: null });
    // 50 · (1.644854 · 0.1 / 0.1)² = 135.28
    expect(labelsNeeded({ ...KNOWN, level: 0.9 }).total).toBe(136);
  });

  it("bring it there when the same answers are given that many times", () => {
    const a = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
    const b = [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    const lowerOf = (times: number) => {
      const repeat = (labels: readonly number[]) => Array.from({ length: times }, () => labels).flat();
      return cohenKappa(repeat(a), repeat(b), { categories: [0, 1] });
    };
    const { kappa, se, n } = lowerOf(1);
    const { total } = labelsNeeded({ kappa, se, n, floor: 0.7 });
    const times = total! / n;
    expect(lowerOf(Math.ceil(times)).lower!).toBeGreaterThanOrEqual(0.7);
    expect(lowerOf(Math.floor(times)).lower!).toBeLessThan(0.7);
  });

  it("are the least number that reaches it", () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, fc.integer({ min: 1, max: 500 }), (kappa, se, floor, n) => {
        const { more, total, reason } = labelsNeeded({ kappa, se, n, floor });
        expect(more === null).toBe(reason !== null);
        if (total === null) return;
        const lower = (labels: number) => kappa - 1.959963984540054 * se * Math.sqrt(n / labels);
        expect(lower(total)).toBeGreaterThan(floor - 1e-9);
        if (more! > 0) expect(lower(total - 1)).toBeLessThan(floor + 1e-9);
        expect(more!).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("are none when the limit is there, and unknown when kappa is not above the floor", () => {
    expect(labelsNeeded({ ...KNOWN, se: 0.01 })).toEqual({ more: 0, total: 50, reason: null });
    expect(labelsNeeded({ ...KNOWN, kappa: 1, se: 0 })).toMatchObject({ more: 0 });
    for (const kappa of [0.7, 0.3, -0.2]) {
      expect(labelsNeeded({ ...KNOWN, kappa })).toMatchObject({ more: null, total: null });
    }
    expect(labelsNeeded({ ...KNOWN, kappa: 0, se: 0 }).reason).toMatch(/not above the floor/);
    expect(labelsNeeded({ ...KNOWN, kappa: 0.7001 }).reason).toMatch(/too close/);
    expect(labelsNeeded({ kappa: null, se: null, n: 0, floor: 0.7 }).reason).toMatch(/not defined/);
  });

  it.each([
    [{ kappa: 1.5 }],
    [{ kappa: Number.NaN }],
    [{ se: -0.1 }],
    [{ se: Number.NaN }],
    [{ n: 2.5 }],
    [{ floor: Number.NaN }],
    [{ level: 1 }],
  ])("refuse %j", (wrong) => {
    expect(() => labelsNeeded({ ...KNOWN, ...wrong })).toThrow(StatisticsError);
  });
});
