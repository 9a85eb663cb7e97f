import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusteredMeanDifference } from "./clustered-mean-difference.js";
import { normalQuantile } from "./normal.js";
import { pairedCaseMeans } from "./paired-case-means.js";
import { pairedTTest } from "./paired-t-test.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";
import { welchTTest } from "./welch-t-test.js";

/** Student 1908, extra sleep under two drugs; R 4.2.2 t.test. */
const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 40 });

describe("the paired t test", () => {
  it("agrees with R on Student's data", () => {
    const got = pairedTTest(first.map((value, index) => value - second[index]!));
    expect(got.df).toBe(9);
    expect(got.t).toBeCloseTo(-4.0621276833820366, 12);
    expect(got.p).toBeCloseTo(0.00283289019738427, 14);
    expect(got.lower).toBeCloseTo(-2.4598857632769824, 12);
    expect(got.upper).toBeCloseTo(-0.7001142367230175, 12);
  });

  it("mirrors under a change of signs, and rejects exactly where its interval leaves zero out", () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.8, 0.95, 0.99), (data, level) => {
        const got = pairedTTest(data, { level });
        const negated = data.map((value) => -value);
        expect(pairedTTest(negated, { alternative: "less" }).p).toBeCloseTo(
          pairedTTest(data, { alternative: "greater" }).p!,
          12,
        );
        fc.pre(Math.abs(got.p! - (1 - level)) > 1e-9);
        expect(got.p! < 1 - level).toBe(got.lower! > 0 || got.upper! < 0);
      }),
    );
  });

  it("knows data without variance and too little data", () => {
    expect(pairedTTest([0, 0, 0])).toMatchObject({ t: 0, p: 1, lower: 0, upper: 0 });
    expect(pairedTTest([2, 2, 2])).toMatchObject({ t: null, p: 0, lower: 2, upper: 2 });
    expect(pairedTTest([2, 2], { alternative: "less" }).p).toBe(1);
    expect(pairedTTest([2])).toMatchObject({ mean: 2, t: null, df: null, p: null });
    expect(pairedTTest([])).toMatchObject({ mean: null, t: null, p: null });
    expect(() => pairedTTest([1, Number.NaN])).toThrow(StatisticsError);
  });
});

describe("Welch's t test", () => {
  it("agrees with R on Student's data", () => {
    const got = welchTTest(second, first);
    expect(got.t).toBeCloseTo(-1.8608134674868531, 12);
    expect(got.df).toBeCloseTo(17.7764735161785, 11);
    expect(got.p).toBeCloseTo(0.07939414018735817, 13);
    expect(got.lower).toBeCloseTo(-3.3654832307117104, 12);
    expect(got.upper).toBeCloseTo(0.2054832307117102, 12);
  });

  it("changes sign when the arms change places, and has the degrees of freedom of one of them or more", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const forward = welchTTest(a, b);
        const backward = welchTTest(b, a);
        fc.pre(forward.df !== null);
        expect(backward.difference).toBeCloseTo(-forward.difference!, 10);
        expect(backward.p).toBeCloseTo(forward.p!, 12);
        expect(forward.df!).toBeGreaterThan(Math.min(a.length, b.length) - 1 - 1e-9);
        expect(forward.df!).toBeLessThan(a.length + b.length - 2 + 1e-9);
      }),
    );
  });

  it("knows arms without variance and with too little data", () => {
    expect(welchTTest([1, 1], [1, 1, 1])).toMatchObject({ t: 0, df: null, p: 1, lower: 0, upper: 0 });
    expect(welchTTest([1, 1], [3, 3])).toMatchObject({ difference: 2, t: null, p: 0, lower: 2, upper: 2 });
    expect(welchTTest([1], [2, 3])).toMatchObject({ difference: 1.5, se: null, p: null, lower: null });
    expect(welchTTest([], [2, 3])).toMatchObject({ difference: null, p: null });
    expect(() => welchTTest([], [1], { level: 1 })).toThrow(StatisticsError);
  });
});

describe("the clustered mean difference", () => {
  it("without clusters is the paired t test", () => {
    fc.assert(
      fc.property(values, (data) => {
        const clustered = clusteredMeanDifference(data, null);
        const plain = pairedTTest(data);
        expect(clustered.p).toBeCloseTo(plain.p!, 9);
        expect(clustered.upper).toBeCloseTo(plain.upper!, 8);
        expect(clustered.df).toBe(plain.df);
      }),
    );
  });

  it("needs two clusters", () => {
    expect(clusteredMeanDifference([1, 2], ["a", "a"])).toMatchObject({ mean: 1.5, lower: null, p: null });
    expect(clusteredMeanDifference([], null)).toMatchObject({ mean: null, p: null });
    expect(() => clusteredMeanDifference([1, 2], ["a"])).toThrow(StatisticsError);
  });

  it("covers the true mean as often as it says when values within a cluster are alike", () => {
    const random = new SeededRandom(12);
    const draw = () => normalQuantile((random.nextUint32() + 0.5) / 2 ** 32);
    const clusters = Array.from({ length: 60 }, (_, index) => index % 20);
    const rounds = 2000;
    let covered = 0;
    let coveredByRows = 0;
    for (let round = 0; round < rounds; round++) {
      const shared = Array.from({ length: 20 }, draw);
      const data = clusters.map((cluster) => shared[cluster]! + draw());
      const got = clusteredMeanDifference(data, clusters);
      const rows = pairedTTest(data);
      if (got.lower! <= 0 && got.upper! >= 0) covered++;
      if (rows.lower! <= 0 && rows.upper! >= 0) coveredByRows++;
    }
    expect(covered / rounds).toBeGreaterThan(0.935);
    expect(covered / rounds).toBeLessThan(0.965);
    expect(coveredByRows / rounds).toBeLessThan(0.9);
  });
});

describe("case means in pairs", () => {
  it("do not differ by rounding when the scores are equal", () => {
    const three = { values: [0.1, 0.1, 0.1], cases: ["a", "a", "a"] };
    expect(pairedCaseMeans(three, { values: [0.1], cases: ["a"] }).differences).toEqual([0]);
  });

  it("reduce trials first, and count what has no partner", () => {
    const got = pairedCaseMeans(
      { values: [1, 0, 1, 1, 0.5], cases: ["a", "a", "b", "c", "b"] },
      { values: [1, 0, 0, 1], cases: ["b", "a", "b", "d"] },
    );
    expect(got).toEqual({
      cases: ["a", "b"],
      baseline: [0.5, 0.75],
      current: [0, 0.5],
      differences: [-0.5, -0.25],
      baselineOnly: 1,
      currentOnly: 1,
    });
    expect(() => pairedCaseMeans({ values: [1], cases: [] }, { values: [], cases: [] })).toThrow(
      "one length",
    );
  });
});
