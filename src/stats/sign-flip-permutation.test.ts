import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "./random.js";
import { signFlipPermutation } from "./sign-flip-permutation.js";
import { StatisticsError } from "./statistics-error.js";

const few = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 11 });
const alternatives = ["two-sided", "greater", "less"] as const;

describe("the sign-flip test", () => {
  it("exact counts every pattern of signs", () => {
    fc.assert(
      fc.property(few, (data) => {
        const observed = data.reduce((sum, value) => sum + value, 0);
        const sums = Array.from({ length: 2 ** data.length }, (_, signs) =>
          data.reduce((sum, value, index) => sum + ((signs >> index) & 1 ? value : -value), 0),
        );
        const share = (holds: (sum: number) => boolean) => sums.filter(holds).length / sums.length;
        const p = alternatives.map((alternative) => signFlipPermutation(data, { alternative }).p);
        expect(p[0]).toBeCloseTo(
          share((sum) => Math.abs(sum) >= Math.abs(observed)),
          12,
        );
        expect(p[1]).toBeCloseTo(
          share((sum) => sum >= observed),
          12,
        );
        expect(p[2]).toBeCloseTo(
          share((sum) => sum <= observed),
          12,
        );
      }),
    );
  });

  it("does not depend on unit, order or zeros, and mirrors under a change of signs", () => {
    fc.assert(
      fc.property(few, fc.constantFrom(0.1, 1e-9, 1e9), (data, unit) => {
        const p = (values: number[], alternative: "two-sided" | "greater" | "less") =>
          signFlipPermutation(values, { alternative, method: "exact" }).p!;
        const scaled = [...data.map((value) => value * unit), 0].reverse();
        const negated = data.map((value) => -value);
        for (const alternative of alternatives) {
          expect(p(scaled, alternative)).toBeCloseTo(p(data, alternative), 12);
        }
        expect(p(negated, "less")).toBeCloseTo(p(data, "greater"), 12);
      }),
    );
  });

  it("enumerates up to 16 differences that are not zero, and up to 40 on request", () => {
    const ones = (n: number) => new Array<number>(n).fill(1);
    expect(signFlipPermutation([...ones(16), 0, 0])).toMatchObject({
      method: "exact",
      p: 2 ** -15,
      seed: null,
    });
    expect(signFlipPermutation(ones(17))).toMatchObject({ method: "monte-carlo", seed: 1, flips: 10_000 });
    expect(signFlipPermutation(ones(31), { method: "exact" }).p).toBe(2 ** -30);
    expect(() => signFlipPermutation(ones(41), { method: "exact" })).toThrow("use method monte-carlo");
    expect(() => signFlipPermutation(ones(20), { flips: 9999 })).toThrow(StatisticsError);
  });

  it("by random flips comes near the exact p, never says 0, and repeats for a seed", () => {
    const data = Array.from({ length: 24 }, (_, index) => Math.sin(index * 12.9898) + 0.25);
    for (const alternative of alternatives) {
      const exact = signFlipPermutation(data, { alternative, method: "exact" }).p!;
      const drawn = signFlipPermutation(data, { alternative, seed: 8, flips: 40_000 });
      expect(drawn).toEqual(signFlipPermutation(data, { alternative, seed: 8, flips: 40_000 }));
      expect(Math.abs(drawn.p! - exact)).toBeLessThan(0.011);
    }
    expect(signFlipPermutation(new Array<number>(60).fill(1)).p).toBe(1 / 10_001);
  });

  it("says 1 for zeros alone, nothing without data, and refuses missing numbers", () => {
    for (const method of ["exact", "monte-carlo"] as const) {
      for (const alternative of alternatives) {
        expect(signFlipPermutation([0, 0], { method, alternative })).toMatchObject({ mean: 0, p: 1 });
      }
      expect(signFlipPermutation([], { method })).toMatchObject({ mean: null, p: null });
      expect(signFlipPermutation([0.3, -0.1, -0.2], { method }).p).toBe(1);
    }
    expect(() => signFlipPermutation([1, null as unknown as number])).toThrow(StatisticsError);
    expect(() => signFlipPermutation([1], { alternative: "up" as "less" })).toThrow(StatisticsError);
  });

  it("rejects a true null at most as often as it says", () => {
    const random = new SeededRandom(6);
    let rejected = 0;
    for (let round = 0; round < 1500; round++) {
      const data = Array.from({ length: 12 }, () => (random.nextUnit() - 0.5) ** 3);
      if (signFlipPermutation(data).p! <= 0.05) rejected++;
    }
    expect(rejected / 1500).toBeGreaterThan(0.035);
    expect(rejected / 1500).toBeLessThan(0.065);
  });
});
