import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg.js";
import { cochranMantelHaenszel } from "./cochran-mantel-haenszel.js";
import { holm } from "./holm.js";
import { StatisticsError } from "./statistics-error.js";
import type { TwoByTwo } from "./two-by-two.js";

const pValues = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 30 });

describe.each([
  ["holm", holm],
  ["benjamini-hochberg", benjaminiHochberg],
])("%s", (_, adjust) => {
  it("keeps nulls and order, never lowers a p-value, never exceeds 1", () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = adjust(values);
        for (const [index, p] of values.entries()) {
          const got = adjusted[index]!;
          expect(got === null).toBe(p === null);
          if (p === null) continue;
          expect(got).toBeGreaterThanOrEqual(p);
          expect(got).toBeLessThanOrEqual(1);
          for (const [place, other] of values.entries()) {
            if (other !== null && other <= p) expect(adjusted[place]!).toBeLessThanOrEqual(got!);
          }
        }
      }),
    );
  });

  it("does not depend on the order, nor on nulls", () => {
    fc.assert(
      fc.property(pValues, (values) => {
        expect(adjust([...values].reverse()).reverse()).toEqual(adjust(values));
        const present = values.filter((p) => p !== null);
        expect(adjust(values).filter((p) => p !== null)).toEqual(adjust(present));
      }),
    );
  });

  it("refuses what is no probability", () => {
    for (const wrong of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY]) {
      expect(() => adjust([0.1, wrong])).toThrow(StatisticsError);
    }
    expect(adjust([null, null])).toEqual([null, null]);
    expect(adjust([])).toEqual([]);
  });
});

describe("Cochran-Mantel-Haenszel", () => {
  const berkeley: TwoByTwo[] = [
    [
      [512, 313],
      [89, 19],
    ],
    [
      [353, 207],
      [17, 8],
    ],
    [
      [120, 205],
      [202, 391],
    ],
    [
      [138, 279],
      [131, 244],
    ],
    [
      [53, 138],
      [94, 299],
    ],
    [
      [22, 351],
      [24, 317],
    ],
  ];

  it("agrees with R 4.2.2 mantelhaen.test on the Berkeley admissions, and sees the reversal", () => {
    const got = cochranMantelHaenszel(berkeley);
    expect(got.statistic).toBeCloseTo(1.5246066604434447, 12);
    expect(got.p).toBeCloseTo(0.21692369705551698, 12);
    expect(got.commonOddsRatio).toBeCloseTo(0.90469682825862308, 12);
    expect(got.reversal).toBe(true);
    expect(got.pooledDifference).toBeCloseTo(1198 / 2691 - 557 / 1835, 12);
    expect(got.stratifiedDifference).toBeLessThan(0);
    const corrected = cochranMantelHaenszel(berkeley, { continuity: true });
    expect(corrected.statistic).toBeCloseTo(1.4269462285866972, 12);
    expect(corrected.p).toBeCloseTo(0.23226346281704685, 12);
  });

  it("turns round with the rows, and does not depend on the order of strata or on empty ones", () => {
    const cell = fc.integer({ min: 0, max: 200 });
    const table = fc.tuple(fc.tuple(cell, cell), fc.tuple(cell, cell)) as fc.Arbitrary<TwoByTwo>;
    const empty: TwoByTwo = [
      [0, 0],
      [0, 0],
    ];
    fc.assert(
      fc.property(fc.array(table, { maxLength: 6 }), (strata) => {
        const got = cochranMantelHaenszel(strata);
        const turned = cochranMantelHaenszel(strata.map(([first, second]) => [second, first]));
        const shuffled = cochranMantelHaenszel([empty, ...[...strata].reverse()]);
        expect(turned.statistic).toBeCloseTo(got.statistic, 8);
        expect(turned.reversal).toBe(got.reversal);
        expect(turned.stratifiedDifference ?? 0).toBeCloseTo(-(got.stratifiedDifference ?? 0), 12);
        expect(shuffled.p).toBeCloseTo(got.p, 10);
        expect(shuffled.reversal).toBe(got.reversal);
        expect(shuffled.pooledDifference).toBe(got.pooledDifference);
      }),
    );
  });

  it("sees no reversal where the strata show exactly no difference", () => {
    // The excesses over the strata sum to exactly 0, but not in doubles.
    const level = cochranMantelHaenszel([
      [
        [2, 3],
        [10, 3],
      ],
      [
        [8, 4],
        [6, 6],
      ],
      [
        [7, 3],
        [3, 2],
      ],
    ]);
    expect(level.stratifiedDifference).toBeCloseTo(0, 15);
    expect(Math.abs(level.pooledDifference!)).toBeGreaterThan(0);
    expect(level.reversal).toBe(false);
  });

  it("a stratum with one group adds to the pooled rates only; none informative gives p = 1", () => {
    const both: TwoByTwo = [
      [3, 2],
      [1, 4],
    ];
    const alone: TwoByTwo = [
      [5, 0],
      [0, 0],
    ];
    const got = cochranMantelHaenszel([both, alone]);
    expect(got.statistic).toBe(cochranMantelHaenszel([both]).statistic);
    expect(got.stratifiedDifference).toBeCloseTo(0.4, 14);
    expect(got.pooledDifference).toBeCloseTo(0.6, 14);
    const nothing = {
      statistic: 0,
      p: 1,
      commonOddsRatio: null,
      stratifiedDifference: null,
      reversal: false,
    };
    expect(cochranMantelHaenszel([alone])).toEqual({ ...nothing, pooledDifference: null });
    expect(cochranMantelHaenszel([])).toEqual({ ...nothing, pooledDifference: null });
  });

  it("refuses what is no table of counts", () => {
    for (const wrong of [-1, 0.5, Number.NaN]) {
      expect(() =>
        cochranMantelHaenszel([
          [
            [1, 2],
            [3, wrong],
          ],
        ]),
      ).toThrow(StatisticsError);
    }
    expect(() => cochranMantelHaenszel([[[1, 2]]] as never)).toThrow(StatisticsError);
  });
});
