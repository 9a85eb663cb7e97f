import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barnardExact } from "./barnard-exact.js";
import { fisherExact } from "./fisher-exact.js";
import { newcombe } from "./newcombe.js";
import { nonInferiorityUnpaired } from "./non-inferiority-unpaired.js";
import type { PassCount } from "./pass-count.js";
import { significantDrop } from "./significant-drop.js";
import { StatisticsError } from "./statistics-error.js";
import { twoProportionZ } from "./two-proportion-z.js";

const arm = (successes: number, trials: number): PassCount => ({ successes, trials });
const armUpTo = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((trials) =>
      fc.record({ successes: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }),
    );
const arms = armUpTo(3000);
const smallArms = armUpTo(15);
const level = fc.double({ min: 0.5, max: 0.999, noNaN: true });
const mirror = ({ successes, trials }: PassCount) => arm(trials - successes, trials);
const apart = (got: number | null, wanted: number) => Math.abs(got! - wanted) / Math.abs(wanted);

describe("two-proportion z", () => {
  it.each([
    [arm(500, 1000), arm(276, 1000), -10.278777060853132, 4.391750089534993e-25],
    [arm(950_000, 1_000_000), arm(947_000, 1_000_000), -9.598071365348162, 4.07271246948946e-22],
    [arm(3, 1_000_000), arm(40, 1_000_000), 5.642507759590823, 0.999999991620451],
  ])("agrees with mpmath 1.2.1 far out in the tail: %o %o", (baseline, current, z, p) => {
    const got = twoProportionZ(baseline, current, "worse");
    expect(apart(got.z, z)).toBeLessThan(1e-14);
    expect(apart(got.p, p)).toBeLessThan(1e-12);
    expect(twoProportionZ(current, baseline, "better").p).toBe(got.p);
  });

  it("swapping the arms turns z round; the two tails sum to 1", () => {
    fc.assert(
      fc.property(arms, arms, (a, b) => {
        const worse = twoProportionZ(a, b, "worse");
        expect(twoProportionZ(b, a, "worse").z).toBeCloseTo(-worse.z!, 12);
        if (worse.z !== 0) expect(worse.p! + twoProportionZ(a, b, "better").p!).toBeCloseTo(1, 12);
      }),
    );
  });

  it("refuses an unknown alternative", () => {
    expect(() => twoProportionZ(arm(1, 2), arm(1, 2), "lower" as "worse")).toThrow(StatisticsError);
  });
});

describe("significant drop", () => {
  it("compares the drop exactly with the decimal that the user wrote", () => {
    const rule = (current: number, minDrop: number) =>
      significantDrop(arm(100_000, 100_000), arm(current, 100_000), { minDrop }).regressed;
    for (const percent of [1, 2, 7, 14, 28, 29, 55, 57, 58]) {
      expect(rule(100_000 - percent * 1000, percent / 100)).toBe(false);
      expect(rule(100_000 - percent * 1000 - 1, percent / 100)).toBe(true);
    }
    expect(
      significantDrop(arm(10 ** 9, 10 ** 9), arm(10 ** 9 - 100, 10 ** 9), { minDrop: 1e-7 }).regressed,
    ).toBe(false);
    expect(
      significantDrop(arm(10 ** 9, 10 ** 9), arm(10 ** 9 - 101, 10 ** 9), { minDrop: 1e-7 }).regressed,
    ).toBe(true);
  });

  it("without data says nothing, neither yes nor no", () => {
    expect(significantDrop(arm(0, 0), arm(3, 4))).toEqual({ drop: null, z: null, p: null, regressed: null });
  });

  it("refuses thresholds that are none", () => {
    for (const alpha of [0, 1, Number.NaN]) {
      expect(() => significantDrop(arm(1, 2), arm(1, 2), { alpha })).toThrow(StatisticsError);
    }
    for (const minDrop of [-0.01, 1.01, Number.NaN]) {
      expect(() => significantDrop(arm(1, 2), arm(1, 2), { minDrop })).toThrow(StatisticsError);
    }
  });
});

describe("newcombe", () => {
  it("lies in [-1, 1] around the difference, turns round with the arms, narrows with more trials", () => {
    fc.assert(
      fc.property(arms, arms, level, (a, b, confidence) => {
        const got = newcombe(a, b, confidence);
        const swapped = newcombe(b, a, confidence);
        const more = newcombe(
          arm(4 * a.successes, 4 * a.trials),
          arm(4 * b.successes, 4 * b.trials),
          confidence,
        );
        expect(got.lower).toBeGreaterThanOrEqual(-1);
        expect(got.upper).toBeLessThanOrEqual(1);
        expect(got.lower!).toBeLessThanOrEqual(got.estimate! + 1e-15);
        expect(got.upper!).toBeGreaterThanOrEqual(got.estimate! - 1e-15);
        expect(swapped.lower!).toBeCloseTo(-got.upper!, 12);
        expect(more.upper! - more.lower!).toBeLessThanOrEqual(got.upper! - got.lower! + 1e-12);
      }),
    );
  });
});

describe("non-inferiority on different cases (Farrington and Manning)", () => {
  it.each([
    [arm(1, 1), arm(0, 1), 0.05, 0.05, -1.3451854182690985, 0.9107173180177863, -1, 0.14993878198730762],
    [
      arm(995_000, 1_000_000),
      arm(994_900, 1_000_000),
      0.001,
      0.05,
      8.939639677034378,
      1.9522068096851105e-19,
      -0.00026492246571695335,
      6.489636101560628e-5,
    ],
    [
      arm(40, 40),
      arm(997, 1000),
      0.02,
      0.025,
      3.8399085873473178,
      6.154006524433791e-5,
      -0.008783014053503173,
      0.08463260981866196,
    ],
    [
      arm(0, 200),
      arm(0, 7),
      0.1,
      0.05,
      4.714045207910317,
      1.2142337364879206e-6,
      -0.013347160654775635,
      0.27876269545254223,
    ],
  ])(
    "agrees with bisection in mpmath 1.2.1: %o %o",
    (baseline, current, margin, alpha, z, p, lower, upper) => {
      const got = nonInferiorityUnpaired(baseline, current, { margin, alpha });
      expect(apart(got.z, z)).toBeLessThan(1e-11);
      expect(apart(got.p, p)).toBeLessThan(1e-9);
      expect(Math.abs(got.lower! - lower)).toBeLessThan(1e-13);
      expect(Math.abs(got.upper! - upper)).toBeLessThan(1e-13);
    },
  );

  it("keeps the digits of a tail of 1e-169 (mpmath 1.2.1)", () => {
    const got = nonInferiorityUnpaired(arm(7, 8), arm(12_344, 12_345), { margin: 0, alpha: 0.05 });
    expect(apart(got.p, 6.371224337368555e-170)).toBeLessThan(1e-11);
  });

  it("passes exactly when p < alpha; the interval turns round with the arms and with the outcome", () => {
    const margins = fc.constantFrom(0.001, 0.02, 0.05, 0.2);
    fc.assert(
      fc.property(armUpTo(400), armUpTo(400), margins, (a, b, margin) => {
        const options = { margin, alpha: 0.05 };
        const got = nonInferiorityUnpaired(a, b, options);
        const swapped = nonInferiorityUnpaired(b, a, options);
        const mirrored = nonInferiorityUnpaired(mirror(a), mirror(b), options);
        if (Math.abs(got.p! - 0.05) > 1e-9) expect(got.verdict === "pass").toBe(got.p! < 0.05);
        expect(swapped.lower!).toBeCloseTo(-got.upper!, 10);
        expect(mirrored.lower!).toBeCloseTo(-got.upper!, 10);
        expect(got.lower!).toBeLessThanOrEqual(got.estimate!);
        expect(got.upper!).toBeGreaterThanOrEqual(got.estimate!);
      }),
    );
  });

  it("a larger margin is easier to meet", () => {
    fc.assert(
      fc.property(armUpTo(300), armUpTo(300), (a, b) => {
        const p = [0.01, 0.05, 0.1, 0.3].map(
          (margin) => nonInferiorityUnpaired(a, b, { margin, alpha: 0.05 }).p!,
        );
        for (let index = 1; index < p.length; index++)
          expect(p[index]!).toBeLessThanOrEqual(p[index - 1]! + 1e-12);
      }),
    );
  });

  it("margin 0 with nothing failed anywhere proves nothing", () => {
    const got = nonInferiorityUnpaired(arm(50, 50), arm(50, 50), { margin: 0, alpha: 0.05 });
    expect(got).toMatchObject({ z: 0, p: 1, verdict: "inconclusive" });
  });

  it("refuses a margin outside [0, 1) and an alpha outside (0, 0.5)", () => {
    for (const margin of [-0.01, 1, Number.NaN]) {
      expect(() => nonInferiorityUnpaired(arm(1, 2), arm(1, 2), { margin, alpha: 0.05 })).toThrow(
        StatisticsError,
      );
    }
    for (const alpha of [0, 0.5, Number.NaN]) {
      expect(() => nonInferiorityUnpaired(arm(1, 2), arm(1, 2), { margin: 0.1, alpha })).toThrow(
        StatisticsError,
      );
    }
  });
});

describe("fisher exact", () => {
  it.each([
    [300, 700, 100, 900, 9.493768908224e-30],
    [0, 500, 60, 440, 2.6384685627647114e-19],
  ])("agrees with whole-number arithmetic in Python: %d/%d %d/%d", (a, b, c, d, p) => {
    const table = [
      [a, b],
      [c, d],
    ] as const;
    expect(apart(fisherExact(table, "two-sided").p, p)).toBeLessThan(1e-11);
  });

  it("agrees with R 4.2.2 phyper at a million per arm", () => {
    const table = [
      [949_500, 50_500],
      [950_300, 49_700],
    ] as const;
    expect(apart(fisherExact(table, "less").p, 0.0048007862318379287)).toBeLessThan(1e-10);
  });

  it("does not care which margin is called rows; the tails overlap in the observed table", () => {
    const cell = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(cell, cell, cell, cell, (a, b, c, d) => {
        fc.pre(a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0);
        const ways = (["two-sided", "less", "greater"] as const).map((alternative) => {
          const p = fisherExact(
            [
              [a, b],
              [c, d],
            ],
            alternative,
          ).p!;
          expect(
            fisherExact(
              [
                [a, c],
                [b, d],
              ],
              alternative,
            ).p!,
          ).toBeCloseTo(p, 12);
          expect(p).toBeLessThanOrEqual(1);
          return p;
        });
        expect(ways[1]! + ways[2]!).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(ways[0]!).toBeGreaterThanOrEqual(Math.min(ways[1]!, ways[2]!) - 1e-12);
      }),
    );
  });

  it("with groups of one size the two tails are mirror images, whatever rounding does", () => {
    const group = fc
      .integer({ min: 1, max: 2000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(group, ([a, c, n]) => {
        fc.pre(a !== c);
        const table = [
          [a, n - a],
          [c, n - c],
        ] as const;
        const tail = Math.min(fisherExact(table, "less").p!, fisherExact(table, "greater").p!);
        expect(Math.abs(fisherExact(table, "two-sided").p! - Math.min(1, 2 * tail))).toBeLessThan(
          1e-11 * tail + 1e-300,
        );
      }),
    );
  });

  it("counts equally likely tables in, whatever rounding does (R 4.2.2 fisher.test)", () => {
    const p = (a: number, b: number, c: number, d: number) =>
      fisherExact(
        [
          [a, b],
          [c, d],
        ],
        "two-sided",
      ).p!;
    expect(p(0, 2, 5, 3)).toBeCloseTo(4 / 9, 12);
    expect(p(0, 2, 2, 3)).toBe(1);
  });

  it("refuses what is no 2 by 2 table of counts", () => {
    expect(() => fisherExact([[1, 2]] as never, "less")).toThrow(StatisticsError);
    expect(() =>
      fisherExact(
        [
          [1, 2],
          [3, -1],
        ],
        "less",
      ),
    ).toThrow(StatisticsError);
    expect(() =>
      fisherExact(
        [
          [1, 2],
          [3, 1],
        ],
        "lower" as "less",
      ),
    ).toThrow(StatisticsError);
    expect(
      fisherExact(
        [
          [0, 0],
          [3, 1],
        ],
        "less",
      ),
    ).toEqual({ p: null, oddsRatio: null });
  });
});

describe("barnard exact", () => {
  it("is the same with the arms swapped and the question turned round", () => {
    fc.assert(
      fc.property(smallArms, smallArms, (a, b) => {
        const worse = barnardExact(a, b, "worse").p!;
        expect(barnardExact(b, a, "better").p!).toBeCloseTo(worse, 10);
        expect(barnardExact(mirror(b), mirror(a), "worse").p!).toBeCloseTo(worse, 10);
        const both = barnardExact(a, b, "two-sided").p!;
        expect(both).toBeGreaterThanOrEqual(Math.min(worse, barnardExact(a, b, "better").p!) - 1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it("one more failure of the current version never makes it look less worse", () => {
    fc.assert(
      fc.property(smallArms, smallArms, (a, b) => {
        fc.pre(b.successes > 0);
        const poorer = arm(b.successes - 1, b.trials);
        expect(barnardExact(a, poorer, "worse").p!).toBeLessThanOrEqual(
          barnardExact(a, b, "worse").p! + 1e-12,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("is 1 where the observed difference does not point to the alternative, null without data", () => {
    expect(barnardExact(arm(5, 10), arm(5, 10), "worse")).toEqual({ z: 0, p: 1 });
    expect(barnardExact(arm(5, 10), arm(7, 9), "worse").p).toBe(1);
    expect(barnardExact(arm(0, 0), arm(7, 9), "worse")).toEqual({ z: null, p: null });
    expect(barnardExact(arm(1, 1), arm(0, 1), "worse").p).toBeCloseTo(0.25, 12);
  });
});

it("every comparison of two arms refuses impossible counts and is null on an empty arm", () => {
  const tests: ((a: PassCount, b: PassCount) => { p?: number | null; lower?: number | null })[] = [
    (a, b) => newcombe(a, b),
    (a, b) => twoProportionZ(a, b, "two-sided"),
    (a, b) => significantDrop(a, b),
    (a, b) => barnardExact(a, b, "worse"),
    (a, b) => nonInferiorityUnpaired(a, b, { margin: 0.05, alpha: 0.05 }),
  ];
  const impossible = [
    arm(-1, 3),
    arm(4, 3),
    arm(0.5, 3),
    arm(1, 2.5),
    arm(Number.NaN, 3),
    arm(1, Number.NaN),
  ];
  for (const test of tests) {
    for (const wrong of impossible) {
      expect(() => test(wrong, arm(1, 2))).toThrow(StatisticsError);
      expect(() => test(arm(1, 2), wrong)).toThrow(StatisticsError);
    }
    for (const empty of [test(arm(0, 0), arm(1, 2)), test(arm(1, 2), arm(0, 0))]) {
      expect([null, undefined]).toContain(empty.p);
      expect([null, undefined]).toContain(empty.lower);
    }
  }
});
