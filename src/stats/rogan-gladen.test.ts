import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeededRandom } from "./random.js";
import { type RoganGladenInput, roganGladen } from "./rogan-gladen.js";
import { StatisticsError } from "./statistics-error.js";

const part = fc.nat(60).chain((whole) => fc.tuple(fc.nat(whole), fc.constant(whole)));
const input = fc
  .tuple(part, part, part)
  .map(([[positives, n], [truePositives, conditionPositives], [trueNegatives, conditionNegatives]]) => ({
    positives,
    n,
    truePositives,
    conditionPositives,
    trueNegatives,
    conditionNegatives,
  }));
const GOOD: RoganGladenInput = {
  positives: 60,
  n: 200,
  truePositives: 45,
  conditionPositives: 50,
  trueNegatives: 85,
  conditionNegatives: 100,
};

describe("the share of positives corrected for the judge's errors", () => {
  it("gives back the share that made the judge's rate", () => {
    // 0.2 · 0.9 + 0.8 · 0.15 = 0.3
    const got = roganGladen(GOOD);
    expect(got).toMatchObject({ raw: 0.3, sensitivity: 0.9, specificity: 0.85, reason: null });
    expect(got.corrected).toBe(0.2);
    expect(got.lower!).toBeLessThan(0.2);
    expect(got.upper!).toBeGreaterThan(0.2);
  });

  it("stays in [0, 1], in order, null only with a reason", () => {
    fc.assert(
      fc.property(input, (counts) => {
        const got = roganGladen(counts);
        expect(got.lower === null).toBe(got.reason !== null);
        expect(got.corrected === null).toBe(got.unclipped === null);
        if (got.corrected === null) return;
        expect(got.corrected).toBe(Math.min(1, Math.max(0, got.unclipped!)));
        if (got.lower === null) return;
        expect(got.lower!).toBeGreaterThanOrEqual(0);
        expect(got.lower!).toBeLessThanOrEqual(got.upper!);
        expect(got.upper!).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("mirrors when positive and negative change names", () => {
    fc.assert(
      fc.property(input, (counts) => {
        const one = roganGladen(counts);
        const other = roganGladen({
          positives: counts.n - counts.positives,
          n: counts.n,
          truePositives: counts.trueNegatives,
          conditionPositives: counts.conditionNegatives,
          trueNegatives: counts.truePositives,
          conditionNegatives: counts.conditionPositives,
        });
        expect(other.corrected === null).toBe(one.corrected === null);
        if (one.corrected === null) return;
        expect(other.corrected!).toBeCloseTo(1 - one.corrected, 10);
        if (one.upper !== null) expect(other.lower!).toBeCloseTo(1 - one.upper, 10);
      }),
    );
  });

  it("narrows with more labels and with more verdicts", () => {
    const width = (got: { lower: number | null; upper: number | null }) => got.upper! - got.lower!;
    const labels = {
      truePositives: 450,
      conditionPositives: 500,
      trueNegatives: 850,
      conditionNegatives: 1000,
    };
    expect(width(roganGladen({ ...GOOD, ...labels }))).toBeLessThan(width(roganGladen(GOOD)));
    const verdicts = { positives: 600, n: 2000 };
    expect(width(roganGladen({ ...GOOD, ...verdicts }))).toBeLessThan(width(roganGladen(GOOD)));
    expect(width(roganGladen({ ...GOOD, level: 0.8 }))).toBeLessThan(width(roganGladen(GOOD)));
  });

  it("says nothing for a judge that always says no, or is worse than a coin", () => {
    const never = roganGladen({ ...GOOD, positives: 0, truePositives: 0, trueNegatives: 100 });
    expect(never).toMatchObject({ raw: 0, sensitivity: 0, specificity: 1, corrected: null, unclipped: null });
    expect(never.reason).toMatch(/no better than a coin/);
    // 1/3 + 2/3 is 1 in doubles or not: counts decide.
    const coin = { truePositives: 1, conditionPositives: 3, trueNegatives: 2, conditionNegatives: 3 };
    expect(roganGladen({ ...GOOD, ...coin }).reason).toMatch(/no better than a coin/);
    expect(roganGladen({ ...GOOD, truePositives: 5 }).reason).toMatch(/no better than a coin/);
  });

  it("says so without verdicts, and without labels of one class", () => {
    expect(roganGladen({ ...GOOD, positives: 0, n: 0 })).toMatchObject({ raw: null, corrected: null });
    const none = { truePositives: 0, conditionPositives: 0 };
    expect(roganGladen({ ...GOOD, ...none }).reason).toMatch(/no labelled item is positive/);
    const negatives = { trueNegatives: 0, conditionNegatives: 0 };
    expect(roganGladen({ ...GOOD, ...negatives }).reason).toMatch(/no labelled item is negative/);
  });

  it("refuses an interval of no width at the edge when the labels contradict the verdicts", () => {
    const got = roganGladen({ ...GOOD, positives: 0, n: 5000, trueNegatives: 60 });
    expect(got).toMatchObject({ raw: 0, corrected: 0, lower: null, upper: null });
    expect(got.unclipped!).toBeLessThan(-0.5);
    expect(got.reason).toMatch(/fewer items positive/);
    expect(roganGladen({ ...GOOD, positives: 5000, n: 5000, truePositives: 30 }).reason).toMatch(
      /more items/,
    );
  });

  it.each([
    [0.3, 0.85, 0.8, 200, 60, 60],
    [0.1, 0.9, 0.9, 1000, 20, 80],
    [0.1, 0.95, 0.95, 1000, 10, 10],
    [0.8, 0.95, 0.9, 500, 80, 20],
  ])(
    "covers a share of %d, sensitivity %d, specificity %d",
    (share, sensitivity, specificity, n, ill, well) => {
      const random = new SeededRandom(20_261_121);
      const draw = (rate: number, trials: number) => {
        let hits = 0;
        for (let trial = 0; trial < trials; trial++) if (random.nextUnit() < rate) hits++;
        return hits;
      };
      let held = 0;
      for (let run = 0; run < 1500; run++) {
        const { lower, upper } = roganGladen({
          positives: draw(share * sensitivity + (1 - share) * (1 - specificity), n),
          n,
          truePositives: draw(sensitivity, ill),
          conditionPositives: ill,
          trueNegatives: draw(specificity, well),
          conditionNegatives: well,
        });
        if ((lower ?? 2) <= share && share <= (upper ?? -1)) held++;
      }
      expect(held / 1500).toBeGreaterThan(0.935);
    },
  );

  it.each([
    [{ positives: -1 }],
    [{ positives: 201 }],
    [{ n: Number.NaN }],
    [{ truePositives: 51 }],
    [{ trueNegatives: 0.5 }],
    [{ level: 1 }],
  ])("refuses %j", (wrong) => {
    expect(() => roganGladen({ ...GOOD, ...wrong })).toThrow(StatisticsError);
  });
});
