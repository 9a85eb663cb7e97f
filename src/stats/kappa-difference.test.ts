import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cohenKappa, type KappaWeights } from "./cohen-kappa.js";
import { type KappaDifference, kappaDifference } from "./kappa-difference.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";

const CATEGORIES = [0, 1, 2];
type Row = readonly [number, number, number];
const label = fc.nat(2);
const rows = fc.array(fc.tuple(label, label, label), { minLength: 2, maxLength: 9 });
const weightings = fc.constantFrom<KappaWeights>("none", "linear", "quadratic");

function compare(
  items: readonly Row[],
  more: { weights?: KappaWeights; seed?: number; resamples?: number } = {},
): KappaDifference {
  const column = (index: 0 | 1 | 2) => items.map((row) => row[index]);
  return kappaDifference(column(0), column(1), column(2), {
    categories: CATEGORIES,
    seed: 1,
    resamples: 200,
    ...more,
  });
}

/** The difference by the plain function, on items of which some are swapped. */
function plainDifference(items: readonly Row[], weights: KappaWeights, swapped = 0): number | null {
  const of = (rater: (row: Row, isSwapped: boolean) => number) =>
    cohenKappa(
      items.map(([a]) => a),
      items.map((row, index) => rater(row, ((swapped >> index) & 1) === 1)),
      { categories: CATEGORIES, weights },
    ).kappa;
  const first = of(([, b1, b2], isSwapped) => (isSwapped ? b2 : b1));
  const second = of(([, b1, b2], isSwapped) => (isSwapped ? b1 : b2));
  return first === null || second === null ? null : first - second;
}

/** Items of a true category, which two raters copy with these probabilities and guess otherwise. */
function draw(random: SeededRandom, n: number, copies1: number, copies2: number): Row[] {
  return Array.from({ length: n }, () => {
    const truth = random.nextBelow(3);
    const rate = (copies: number) => (random.nextUnit() < copies ? truth : random.nextBelow(3));
    return [truth, rate(copies1), rate(copies2)];
  });
}

describe("the difference of two kappas against one truth", () => {
  it("is that of the two kappas, with the p of all swaps", () => {
    fc.assert(
      fc.property(rows, weightings, (items, weights) => {
        const got = compare(items, { weights });
        const plain = plainDifference(items, weights);
        expect(got.difference).toBe(plain);
        if (plain === null) {
          expect(got).toMatchObject({ lower: null, upper: null, p: null });
          return;
        }
        let hits = 0;
        for (let swapped = 0; swapped < 2 ** items.length; swapped++) {
          const other = plainDifference(items, weights, swapped);
          if (other === null || Math.abs(other) >= Math.abs(plain) - 1e-12) hits++;
        }
        expect(got.pMethod).toBe("exact");
        expect(got.p).toBeCloseTo(hits / 2 ** items.length, 10);
      }),
      { numRuns: 60 },
    );
  });

  it("turns its sign when the raters change places, and is 0 with p = 1 when they are one", () => {
    fc.assert(
      fc.property(rows, weightings, (items, weights) => {
        const one = compare(items, { weights });
        const other = compare(
          items.map(([a, b1, b2]) => [a, b2, b1]),
          { weights },
        );
        if (one.difference !== null) expect(other.difference! + one.difference).toBeCloseTo(0, 12);
        expect(other.p ?? 2).toBeCloseTo(one.p ?? 2, 10);
        expect([other.changed, other.onlyFirstAgrees]).toEqual([one.changed, one.onlySecondAgrees]);
        const same = compare(
          items.map(([a, b1]) => [a, b1, b1]),
          { weights },
        );
        expect(same.changed).toBe(0);
        if (same.difference !== null) expect(same).toMatchObject({ difference: 0, p: 1 });
        if (same.lower !== null) expect(same).toMatchObject({ lower: 0, upper: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same figures for the same seed; drawn swaps come near to those gone through", () => {
    const items = draw(new SeededRandom(4), 300, 0.7, 0.6);
    const one = compare(items, { resamples: 4000 });
    expect(compare(items, { resamples: 4000 })).toEqual(one);
    expect(one.pMethod).toBe("monte-carlo");
    const other = compare(items, { resamples: 4000, seed: 2 });
    expect(Math.abs(other.p! - one.p!)).toBeLessThan(0.04);
    expect(Math.abs(other.lower! - one.lower!)).toBeLessThan(0.02);
    const binary = items.map((row) => row.map((value) => Math.min(1, value)) as unknown as Row);
    expect(compare(binary).pMethod).toBe("exact");
  });

  it("covers the true difference, and keeps the level of the test", () => {
    const random = new SeededRandom(20_261_121);
    const runs = 250;
    let held = 0;
    let rejected = 0;
    for (let run = 0; run < runs; run++) {
      // A copying share is the kappa: the marginals are equal.
      const better = compare(draw(random, 120, 0.8, 0.6), { resamples: 400, seed: run });
      if (better.lower! <= 0.2 && 0.2 <= better.upper!) held++;
      const alike = compare(draw(random, 120, 0.7, 0.7), { resamples: 400, seed: run });
      if (alike.p! < 0.05) rejected++;
    }
    expect(held / runs).toBeGreaterThan(0.91);
    expect(held / runs).toBeLessThan(0.985);
    expect(rejected / runs).toBeLessThan(0.09);
  });

  it("leaves out and counts resamples of one category", () => {
    const got = compare([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ]);
    expect(got.undefinedResamples).toBeGreaterThan(0);
    expect(got.undefinedResamples).toBeLessThan(60);
    expect(got.lower).not.toBeNull();
    const rare = compare([...Array.from({ length: 40 }, (): Row => [0, 0, 0]), [1, 1, 1]]);
    // One item of 41 is left out of (40/41)^41 = 36 % of the resamples.
    expect(Math.abs(rare.undefinedResamples / 200 - 0.36)).toBeLessThan(0.12);
  });

  it("has no interval when the truth is of one category: every kappa is then 0", () => {
    const items = Array.from({ length: 12 }, (_, index): Row => [0, index % 2, (index + 1) % 3]);
    const got = compare(items);
    expect(got).toMatchObject({ difference: 0, p: 1, lower: null, upper: null });
    expect(got.reason).toMatch(/does not vary/);
  });

  it("says why there is nothing to say", () => {
    expect(compare([])).toMatchObject({ kappa1: null, difference: null, p: null, n: 0 });
    expect(compare([]).reason).toMatch(/no item/);
    const single = compare([
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect(single).toMatchObject({ kappa1: null, kappa2: 0, difference: null, changed: 1 });
    expect(single.reason).toMatch(/one category/);
    expect(compare([[0, 1, 2]])).toMatchObject({
      difference: 0,
      lower: null,
      reason: "fewer than two items",
    });
  });

  it.each([
    ["lengths that differ", [0, 1], [0], [0, 1], {}],
    ["a label that is no category", [0, 1], [0, 1], [0, 7], {}],
    ["NaN", [0, Number.NaN], [0, 1], [0, 1], {}],
    ["no resamples", [0, 1], [0, 1], [0, 1], { resamples: 0 }],
    ["a level of 1", [0, 1], [0, 1], [0, 1], { level: 1 }],
    ["half a seed", [0, 1], [0, 1], [0, 1], { seed: 0.5 }],
    ["unknown weights", [0, 1], [0, 1], [0, 1], { weights: "cubic" as KappaWeights }],
  ])("refuses %s", (_, a, b1, b2, wrong) => {
    expect(() => kappaDifference(a, b1, b2, { categories: CATEGORIES, seed: 1, ...wrong })).toThrow(
      StatisticsError,
    );
  });
});
