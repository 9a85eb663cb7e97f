import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StatisticsError } from "./statistics-error.js";
import { testRetest } from "./test-retest.js";
import { wilson } from "./wilson.js";

describe("the consistency of repeated votes", () => {
  it("counts unanimous items and equal pairs", () => {
    const got = testRetest([["yes", "yes", "yes"], ["yes", "no", "yes"], ["no", "no", "no"], ["no"], []]);
    expect(got).toMatchObject({ items: 4, repeated: 3, unanimous: 2, reason: null });
    expect(got.consistency).toEqual(wilson(2, 3));
    expect(got.pairwiseAgreement).toBeCloseTo((1 + 1 / 3 + 1) / 3, 14);
    // Pooled shares 5/9 and 4/9: (7/9 - 41/81) / (1 - 41/81)
    expect(got.fleissKappa).toBeCloseTo(22 / 40, 14);
  });

  it("is blind to the order of votes and items, and within its bounds", () => {
    const items = fc.array(fc.array(fc.constantFrom(1, 2, 3), { maxLength: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(items, (votes) => {
        const one = testRetest(votes);
        const other = testRetest([...votes].reverse().map((own) => [...own].reverse()));
        expect(other.unanimous).toBe(one.unanimous);
        expect(other.pairwiseAgreement ?? 2).toBeCloseTo(one.pairwiseAgreement ?? 2, 12);
        expect(other.fleissKappa ?? 2).toBeCloseTo(one.fleissKappa ?? 2, 12);
        if (one.pairwiseAgreement === null) return;
        expect(one.pairwiseAgreement).toBeLessThanOrEqual(1);
        expect(one.pairwiseAgreement).toBeGreaterThanOrEqual(one.unanimous / one.repeated - 1e-12);
      }),
    );
  });

  it("says why a figure is missing", () => {
    expect(testRetest([])).toMatchObject({
      items: 0,
      repeated: 0,
      pairwiseAgreement: null,
      fleissKappa: null,
      reason: "no item has two votes",
    });
    expect(testRetest([["a"], ["b"]])).toMatchObject({ items: 2, repeated: 0, fleissKappa: null });
    const uneven = testRetest([
      ["a", "b"],
      ["a", "a", "b"],
    ]);
    expect(uneven).toMatchObject({ repeated: 2, unanimous: 0, fleissKappa: null });
    expect(uneven.reason).toMatch(/differ in their number of votes/);
    const same = testRetest([["a", "a"]]);
    expect(same).toMatchObject({ unanimous: 1, pairwiseAgreement: 1, fleissKappa: null });
    expect(same.reason).toMatch(/every vote is the same/);
    expect(() => testRetest([[1, Number.NaN]])).toThrow(StatisticsError);
    expect(() => testRetest([], { level: 2 })).toThrow(StatisticsError);
  });
});
