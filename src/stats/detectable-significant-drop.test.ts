import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectableSignificantDrop, powerSignificantDrop } from "./detectable-significant-drop.js";
import { leastAbove } from "./significant-drop.js";

describe("the power of the significant-drop rule on pairs", () => {
  // SciPy 1.10.1: sum of binom.pmf(m, n, rate) * binom.sf(b - 1, m, (1 + drop/rate)/2), b the fewest lost that the rule catches.
  it.each([
    [0.05, 0.1, 200, 0.6738980430563288],
    [0.1, 0.2, 60, 0.43047455610558144],
    [0, 0.15, 400, 0.0385425046547076],
  ])("of a drop of %d with %d discordant in %d pairs is that of SciPy", (drop, rate, pairs, power) => {
    expect(powerSignificantDrop(drop, rate, pairs)).toBeCloseTo(power, 9);
  });

  it("never errs more often than alpha where nothing dropped", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 150 }),
        (rate, n) => {
          expect(powerSignificantDrop(0, rate, n)).toBeLessThanOrEqual(0.05);
        },
      ),
    );
  });

  it("reaches 80 % at the detectable drop, and just below it does not", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        fc.integer({ min: 10, max: 150 }),
        (rate, n) => {
          const drop = detectableSignificantDrop(rate, n) as number;
          const at = (value: number) => powerSignificantDrop(value, Math.max(rate, value), n);
          expect(at(drop)).toBeGreaterThanOrEqual(0.8);
          expect(at(drop - 2e-4)).toBeLessThan(0.8);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("catches nothing with four cases: all of them lost have p = 1/16", () => {
    expect(detectableSignificantDrop(0.1, 4)).toBeNull();
    expect(detectableSignificantDrop(0.1, 0)).toBeNull();
    expect(detectableSignificantDrop(0, 5)).toBeCloseTo(0.956, 2);
  });

  it("takes the margin as the decimal it prints as", () => {
    expect([
      leastAbove(0.02, 100),
      leastAbove(0.29, 100),
      leastAbove(0.07, 100),
      leastAbove(0.025, 100),
    ]).toEqual([3, 30, 8, 3]);
    expect(leastAbove(0, 10)).toBe(1);
  });
});
