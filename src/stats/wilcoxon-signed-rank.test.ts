import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { midranks } from "./midranks.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";
import { wilcoxonSignedRank } from "./wilcoxon-signed-rank.js";

const differences = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 70 });
const methods = fc.constantFrom("auto" as const, "exact" as const, "approx" as const);

describe("midranks", () => {
  it("sum to n(n + 1)/2, follow the order and count ties", () => {
    fc.assert(
      fc.property(differences, (values) => {
        const { ranks } = midranks(values);
        expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBe((values.length * (values.length + 1)) / 2);
        for (const [index, rank] of ranks.entries()) {
          const below = values.filter((value) => value < values[index]!).length;
          const equal = values.filter((value) => value === values[index]!).length;
          expect(rank).toBe(below + (equal + 1) / 2);
        }
      }),
    );
    expect(midranks([5, 5, 5, 1, 1]).tieSum).toBe(24 + 6);
  });
});

describe("Wilcoxon's signed-rank test", () => {
  /** Hollander and Wolfe 1973, depression scale factor; R 4.2.2 wilcox.test. */
  it("agrees with R on published data", () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const drop = before.map((value, index) => value - after[index]!);
    expect(wilcoxonSignedRank(drop)).toMatchObject({ p: 0.0390625, method: "exact", z: null });
    expect(wilcoxonSignedRank(drop, { alternative: "greater" }).p).toBe(0.01953125);
    expect(wilcoxonSignedRank(drop, { alternative: "less" }).p).toBe(0.986328125);
    expect(wilcoxonSignedRank(drop, { method: "approx" }).p).toBeCloseTo(0.044010984012951455, 14);
  });

  /** R 4.2.2: wilcox.test(1:60, exact = FALSE), wilcox.test(1:400, exact = FALSE). */
  it.each([
    [60, 1.6713285696526445e-11],
    [400, 2.7403472934093284e-67],
  ])("keeps its digits in the far tail (1 to %d)", (n, p) => {
    const got = wilcoxonSignedRank(Array.from({ length: n }, (_, index) => index + 1));
    expect(got.method).toBe("approx");
    expect(got.p! / p).toBeCloseTo(1, 10);
  });

  it("is exact up to 50 differences that are not zero, in the far tail too", () => {
    const rising = Array.from({ length: 50 }, (_, index) => index + 1);
    expect(wilcoxonSignedRank([...rising, 0])).toMatchObject({ nonZero: 50, method: "exact", p: 2 ** -49 });
    expect(wilcoxonSignedRank([...rising, 51]).method).toBe("approx");
    expect(wilcoxonSignedRank([...rising, 51], { method: "exact" }).p).toBe(2 ** -50);
    const many = Array.from({ length: 1001 }, (_, index) => index + 1);
    expect(() => wilcoxonSignedRank(many, { method: "exact" })).toThrow("use method approx");
  });

  it("exact with ties counts sign patterns one by one", () => {
    const few = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(few, (data) => {
        const nonZero = data.filter((value) => value !== 0);
        const { ranks } = midranks(nonZero.map(Math.abs));
        const { wPlus, p } = wilcoxonSignedRank(data, { method: "exact", alternative: "greater" });
        let reached = 0;
        for (let signs = 0; signs < 2 ** nonZero.length; signs++) {
          const w = ranks.reduce((sum, rank, index) => sum + ((signs >> index) & 1 ? rank : 0), 0);
          if (w >= wPlus) reached++;
        }
        expect(p).toBeCloseTo(reached / 2 ** nonZero.length, 12);
      }),
    );
  });

  it("mirrors under a change of signs, ignores order and zeros, and stays in [0, 1]", () => {
    fc.assert(
      fc.property(differences, methods, fc.boolean(), (data, method, continuity) => {
        const p = (values: number[], alternative: "two-sided" | "greater" | "less") =>
          wilcoxonSignedRank(values, { method, continuity, alternative }).p!;
        const negated = data.map((value) => -value);
        const padded = [...data, 0].reverse();
        for (const alternative of ["two-sided", "greater", "less"] as const) {
          expect(p(data, alternative)).toBeGreaterThan(0);
          expect(p(data, alternative)).toBeLessThanOrEqual(1);
          expect(p(padded, alternative)).toBeCloseTo(p(data, alternative), 12);
        }
        expect(p(negated, "two-sided")).toBeCloseTo(p(data, "two-sided"), 12);
        expect(p(negated, "greater")).toBeCloseTo(p(data, "less"), 12);
      }),
    );
  });

  it("says 1 for zeros alone, nothing without data, and refuses missing numbers", () => {
    for (const method of ["exact", "approx"] as const) {
      expect(wilcoxonSignedRank([0, 0, -0], { method })).toMatchObject({ wPlus: 0, nonZero: 0, p: 1 });
      expect(wilcoxonSignedRank([], { method }).p).toBeNull();
      expect(wilcoxonSignedRank([3], { method }).p).toBe(1);
    }
    expect(() => wilcoxonSignedRank([1, Number.NaN])).toThrow(StatisticsError);
    expect(() => wilcoxonSignedRank([1], { alternative: "up" as "greater" })).toThrow(StatisticsError);
  });

  it("rejects a true null at most as often as it says", () => {
    const random = new SeededRandom(20);
    for (const n of [12, 80]) {
      let rejected = 0;
      for (let round = 0; round < 2000; round++) {
        const data = Array.from({ length: n }, () =>
          Math.round(20 * (random.nextUnit() - random.nextUnit())),
        );
        if (wilcoxonSignedRank(data).p! <= 0.05) rejected++;
      }
      expect(rejected / 2000).toBeGreaterThan(0.03);
      expect(rejected / 2000).toBeLessThan(0.065);
    }
  });
});
