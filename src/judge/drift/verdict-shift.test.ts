import { describe, expect, it } from "vitest";
import { verdictShift } from "./verdict-shift.js";

const said = (counts: { readonly [label: string]: number }) =>
  Object.entries(counts).flatMap(([label, count]) => Array<string>(count).fill(label));

describe("verdictShift", () => {
  it("compares the labels of two periods by Pearson's chi-square", () => {
    const found = verdictShift(["1", "2", "3"], said({ 1: 30, 2: 40, 3: 30 }), said({ 1: 20, 2: 30, 3: 70 }));
    expect(found).toMatchObject({ last: 100, current: 120, method: "chi-square", degrees: 2 });
    // scipy 1.17.1: chi2_contingency([[30, 40, 30], [20, 30, 70]], correction=False)
    expect(found.chiSquare).toBeCloseTo(17.757142857142856, 10);
    expect(found.p).toBeCloseTo(1.3934308499261066e-4, 12);
  });

  it("pools the rarest labels until the distribution holds", () => {
    const rare = verdictShift(
      ["a", "b", "c", "d"],
      said({ a: 50, b: 44, c: 3, d: 3 }),
      said({ a: 50, b: 50 }),
    );
    expect(rare).toMatchObject({ method: "chi-square", degrees: 1 });
    // scipy 1.17.1: chi2_contingency([[50, 50], [50, 50]], correction=False)
    expect(rare.p).toBeCloseTo(1, 12);
  });

  it("is exact when two groups are left that are too small", () => {
    const small = verdictShift(["a", "b"], said({ a: 5, b: 1 }), said({ a: 1, b: 5 }));
    // scipy 1.17.1: fisher_exact([[5, 1], [1, 5]]).pvalue
    expect(small).toMatchObject({ method: "fisher", chiSquare: null });
    expect(small.p).toBeCloseTo(0.08008658, 8);
  });

  it("says nothing of a period without verdicts, and sees no change in one label alone", () => {
    expect(verdictShift(["a", "b"], [], ["a"])).toMatchObject({ p: null, method: null });
    expect(verdictShift(["a", "b"], ["a", "a"], ["a"])).toMatchObject({ p: 1 });
  });
});
