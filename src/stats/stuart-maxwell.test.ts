import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalUpperTail } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { stuartMaxwell } from "./stuart-maxwell.js";

const tables = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.array(fc.array(fc.nat(12), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
);

describe("the Stuart–Maxwell test", () => {
  it("of two categories is McNemar's test without correction", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(50), (both, lost, won) => {
        fc.pre(lost + won > 0);
        const got = stuartMaxwell([
          [both, lost],
          [won, 3],
        ]);
        const root = Math.abs(lost - won) / Math.sqrt(lost + won);
        expect(got.chi2).toBeCloseTo(root ** 2, 10);
        expect(got.p).toBeCloseTo(2 * normalUpperTail(root), 10);
        expect(got).toMatchObject({ df: 1, moved: lost + won, dropped: [] });
      }),
    );
  });

  it("is the same when the ratings change places or the categories their order", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const one = stuartMaxwell(table);
        const turned = stuartMaxwell(table.map((_, i) => table.map((row) => row[i]!)));
        const reversed = stuartMaxwell([...table].reverse().map((row) => [...row].reverse()));
        for (const other of [turned, reversed]) {
          expect(other.df).toBe(one.df);
          expect(other.chi2 ?? -1).toBeCloseTo(one.chi2 ?? -1, 8);
          expect(other.p ?? -1).toBeCloseTo(one.p ?? -1, 8);
        }
      }),
    );
  });

  it("depends on moved items alone, and adds what separate groups of categories say", () => {
    fc.assert(
      fc.property(tables, tables, (first, second) => {
        const blank = (size: number) => new Array<number>(size).fill(0);
        const joined = [
          ...first.map((row) => [...row, ...blank(second.length)]),
          ...second.map((row) => [...blank(first.length), ...row]),
        ];
        const [a, b, both] = [first, second, joined].map((table) => stuartMaxwell(table));
        fc.pre(a!.n > 0 && b!.n > 0);
        expect(both!.chi2).toBeCloseTo(a!.chi2! + b!.chi2!, 8);
        expect(both!.df).toBe(a!.df! + b!.df!);
        const shifted = first.map((row, i) => row.map((count, j) => (i === j ? count + 100 : count)));
        expect(stuartMaxwell(shifted).chi2).toBeCloseTo(a!.chi2!, 10);
      }),
    );
  });

  it("leaves out categories that no item left or entered, used or not", () => {
    const small = stuartMaxwell([
      [20, 9],
      [2, 30],
    ]);
    const wide = stuartMaxwell([
      [20, 0, 9, 0],
      [0, 50, 0, 0],
      [2, 0, 30, 0],
      [0, 0, 0, 0],
    ]);
    expect(wide).toMatchObject({ chi2: small.chi2, df: 1, p: small.p, dropped: [1, 3], n: 111 });
  });

  it("has p = 1 when no item moved, and no answer without items", () => {
    expect(stuartMaxwell([[4]])).toMatchObject({ chi2: 0, df: 0, p: 1, moved: 0 });
    const still = [
      [4, 0],
      [0, 5],
    ];
    expect(stuartMaxwell(still)).toMatchObject({ chi2: 0, df: 0, p: 1, dropped: [0, 1], reason: null });
    for (const table of [[], [[0]]]) {
      const got = stuartMaxwell(table);
      expect(got).toMatchObject({ chi2: null, df: null, p: null, bhapkar: null, n: 0 });
      expect(got.reason).toMatch(/no item/);
    }
  });

  it("has no Bhapkar statistic when every item moved the same way", () => {
    const got = stuartMaxwell([
      [0, 7],
      [0, 0],
    ]);
    expect(got).toMatchObject({ chi2: 7, df: 1, bhapkar: null });
  });

  it.each([
    ["a table that is not square", [[1, 2]]],
    ["a ragged table", [[1, 2], [3]]],
    ["a negative count", [[-1]]],
    ["NaN", [[Number.NaN]]],
    ["half an item", [[0.5]]],
  ])("refuses %s", (_, table) => {
    expect(() => stuartMaxwell(table)).toThrow(StatisticsError);
  });
});
