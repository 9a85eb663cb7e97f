import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mannWhitneyU } from "./mann-whitney-u.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";

const sample = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 });
const methods = fc.constantFrom("auto" as const, "exact" as const, "asymptotic" as const);

describe("Mann-Whitney's U test", () => {
  /** Hollander and Wolfe 1973, permeability; R 4.2.2 wilcox.test. */
  it("agrees with R on published data", () => {
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    const got = mannWhitneyU(term, early);
    expect(got).toMatchObject({ u: 35, auc: 0.7, method: "exact", z: null });
    expect(got.p).toBeCloseTo(0.2544122544122544, 14);
    expect(mannWhitneyU(term, early, { alternative: "greater" }).p).toBeCloseTo(0.1272061272061272, 14);
  });

  /** R's airquality, ozone of May and August, with ties; R 4.2.2 wilcox.test. */
  it("corrects the variance for ties", () => {
    const may = [
      41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37,
    ];
    const august = [
      39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84,
      85,
    ];
    const got = mannWhitneyU(may, august);
    expect(got).toMatchObject({ u: 127.5, method: "asymptotic" });
    expect(got.p! / 0.00012080783076877442).toBeCloseTo(1, 12);
  });

  it("keeps its digits in the far tail", () => {
    const low = Array.from({ length: 300 }, (_, index) => index);
    const high = low.map((value) => value + 300);
    expect(mannWhitneyU(low, high).p! / 1.0549641486893438e-99).toBeCloseTo(1, 10);
    const few = mannWhitneyU(low.slice(0, 8), high, { alternative: "less" });
    expect(few.method).toBe("exact");
    expect(few.p! * binomial(308, 8)).toBeCloseTo(1, 11);
  });

  it("exact counts every split, ties included", () => {
    const small = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(small, small, (x, y) => {
        const { u, p } = mannWhitneyU(x, y, { method: "exact", alternative: "greater" });
        const us = splits([...x, ...y], x.length).map(([first, second]) => pairsAbove(first, second));
        expect(u).toBe(pairsAbove(x, y));
        expect(p).toBeCloseTo(us.filter((other) => other >= u!).length / us.length, 12);
      }),
    );
  });

  it("mirrors when the samples change places, and ignores order and increasing transformations", () => {
    fc.assert(
      fc.property(sample, sample, methods, (x, y, method) => {
        const forward = mannWhitneyU(x, y, { method, alternative: "greater" });
        const backward = mannWhitneyU(y, x, { method, alternative: "less" });
        expect(backward.p).toBeCloseTo(forward.p!, 11);
        expect(backward.u).toBe(x.length * y.length - forward.u!);
        expect(forward.auc! + backward.auc!).toBeCloseTo(1, 14);
        expect(forward.cliffsDelta! + backward.cliffsDelta!).toBe(0);
        const two = mannWhitneyU(x, y, { method });
        const stretched = mannWhitneyU([...x].reverse().map(Math.exp), y.map(Math.exp), { method });
        expect(stretched).toEqual(two);
        expect(two.p).toBeGreaterThan(0);
        expect(two.p).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it("says 1 when all values are equal, nothing for an empty sample, and refuses missing numbers", () => {
    const equal = { u: 3, auc: 0.5, cliffsDelta: 0, p: 1 };
    expect(mannWhitneyU([1, 1], [1, 1, 1])).toMatchObject({ ...equal, z: 0 });
    expect(mannWhitneyU([1, 1], [1, 1, 1], { method: "exact" })).toMatchObject(equal);
    for (const [x, y] of [
      [[], [1]],
      [[1], []],
      [[], []],
    ] as const) {
      expect(mannWhitneyU(x, y)).toMatchObject({ u: null, auc: null, cliffsDelta: null, z: null, p: null });
    }
    expect(() => mannWhitneyU([1], [Number.NaN])).toThrow(StatisticsError);
    expect(() => mannWhitneyU([], [Number.NaN])).toThrow(StatisticsError);
  });

  it("refuses exact where it would take long or lose digits", () => {
    const many = Array.from({ length: 200 }, (_, index) => index + 0.5);
    const whole = many.map(Math.floor);
    expect(() => mannWhitneyU(many, whole, { method: "exact" })).toThrow("use asymptotic");
    expect(() => mannWhitneyU(whole, whole, { method: "exact" })).toThrow(StatisticsError);
  });

  it("takes well under a second for 10,000 latencies against 10,000", () => {
    const random = new SeededRandom(1);
    const [x, y] = [0, 1].map((shift) =>
      Array.from({ length: 10_000 }, () => random.nextUnit() + shift / 50),
    );
    const started = performance.now();
    expect(mannWhitneyU(x!, y!).p).toBeLessThan(0.001);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("rejects a true null about as often as it says", () => {
    const random = new SeededRandom(4);
    for (const [m, n, grain] of [
      [8, 20, 1e6],
      [30, 50, 10],
    ] as const) {
      const draw = () => Math.floor(random.nextUnit() ** 2 * grain);
      let rejected = 0;
      for (let round = 0; round < 2000; round++) {
        const x = Array.from({ length: m }, draw);
        if (mannWhitneyU(x, Array.from({ length: n }, draw)).p! <= 0.05) rejected++;
      }
      expect(rejected / 2000).toBeGreaterThan(0.035);
      expect(rejected / 2000).toBeLessThan(0.065);
    }
  });
});

function binomial(n: number, k: number): number {
  return k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k;
}

function pairsAbove(x: readonly number[], y: readonly number[]): number {
  return x.flatMap((a) => y.map((b) => (a > b ? 1 : a === b ? 0.5 : 0))).reduce<number>((a, b) => a + b, 0);
}

function splits(pool: readonly number[], size: number): [number[], number[]][] {
  const all: [number[], number[]][] = [];
  for (let mask = 0; mask < 2 ** pool.length; mask++) {
    const first = pool.filter((_, index) => (mask >> index) & 1);
    if (first.length === size) all.push([first, pool.filter((_, index) => !((mask >> index) & 1))]);
  }
  return all;
}
