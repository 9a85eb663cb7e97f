import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cohenKappa, type KappaWeights } from "./cohen-kappa.js";
import { fleissKappa } from "./fleiss-kappa.js";
import { gwetAc1 } from "./gwet-ac1.js";
import { krippendorffAlpha } from "./krippendorff-alpha.js";
import { type PairVerdict, positionBias } from "./position-bias.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";
import { verbosityBias } from "./verbosity-bias.js";

const CATEGORIES = [0, 1, 2, 3];
const WEIGHTS: readonly KappaWeights[] = ["none", "linear", "quadratic"];

const label = fc.nat(3);
const pairs = fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 60 });
const columns = (rows: readonly (readonly [number, number])[]) =>
  [rows.map(([a]) => a), rows.map(([, b]) => b)] as const;

describe("Cohen's kappa", () => {
  it("is symmetric in the raters, blind to the order of items, and within its limits", () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...WEIGHTS), (rows, weights) => {
        const options = { categories: CATEGORIES, weights };
        const [a, b] = columns(rows);
        const one = cohenKappa(a, b, options);
        const other = cohenKappa(b, a, options);
        const [backA, backB] = columns([...rows].reverse());
        expect(cohenKappa(backA, backB, options).kappa).toEqual(one.kappa);
        expect(other.kappa ?? 2).toBeCloseTo(one.kappa ?? 2, 12);
        expect(other.se ?? 2).toBeCloseTo(one.se ?? 2, 12);
        for (const value of [one.kappa, one.lower, one.upper]) {
          if (value !== null) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
        }
        if (one.kappa !== null && one.lower !== null) expect(one.lower).toBeLessThanOrEqual(one.kappa);
      }),
    );
  });

  it("unweighted ignores the order of categories; repeating the data narrows the interval by √2", () => {
    fc.assert(
      fc.property(pairs, fc.shuffledSubarray(CATEGORIES, { minLength: 4 }), (rows, categories) => {
        const [a, b] = columns(rows);
        const one = cohenKappa(a, b, { categories: CATEGORIES });
        expect(cohenKappa(a, b, { categories }).kappa ?? 2).toBeCloseTo(one.kappa ?? 2, 12);
        const twice = cohenKappa([...a, ...a], [...b, ...b], { categories: CATEGORIES });
        expect(twice.se ?? 2).toBeCloseTo(one.se === null ? 2 : one.se / Math.SQRT2, 12);
      }),
    );
  });

  it("weighted equals unweighted for two categories", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1 }), (rows) => {
        const [a, b] = columns(rows);
        const kappas = WEIGHTS.map((weights) => cohenKappa(a, b, { categories: [0, 1], weights }));
        expect(kappas[1]).toEqual(kappas[0]);
        expect(kappas[2]).toEqual(kappas[0]);
      }),
    );
  });

  it("is exactly 1 with an interval of no width in perfect agreement, -1 in full disagreement", () => {
    const same = cohenKappa([0, 1, 2, 2], [0, 1, 2, 2], { categories: CATEGORIES, weights: "linear" });
    expect(same).toMatchObject({ kappa: 1, se: 0, lower: 1, upper: 1, po: 1 });
    expect(cohenKappa(["a", "b"], ["b", "a"], { categories: ["a", "b"] })).toMatchObject({
      kappa: -1,
      po: 0,
    });
  });

  it("keeps its digits with one disagreement in a million", () => {
    const a = new Int8Array(1_000_000);
    a[7] = 1;
    const b = a.slice();
    b[8] = 1;
    const { kappa } = cohenKappa([...a], [...b], { categories: [0, 1] });
    // mpmath 1.2.1: po = 1 - 1e-6, pe from the marginals (1, 2) of 1e6
    expect(Math.abs((kappa ?? 0) / 0.6666662222216296 - 1)).toBeLessThan(1e-14);
  });

  it("of a rater that never varies is exactly 0, with no rounding for an error", () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 60 }), label, (truth, said) => {
        for (const weights of WEIGHTS) {
          const constant = truth.map(() => said);
          for (const [a, b] of [
            [truth, constant],
            [constant, truth],
          ] as const) {
            const got = cohenKappa(a, b, { categories: CATEGORIES, weights });
            if (got.kappa !== null) expect(got).toMatchObject({ kappa: 0, se: 0, lower: 0, upper: 0 });
          }
        }
      }),
    );
  });

  it("is null without items and when chance agreement is 1, with the marginals beside it", () => {
    expect(cohenKappa([], [], { categories: [] })).toMatchObject({ kappa: null, po: null, pe: null, n: 0 });
    const one = cohenKappa([1, 1], [1, 1], { categories: [0, 1], weights: "quadratic" });
    expect(one).toMatchObject({ kappa: null, se: null, lower: null, po: 1, pe: 1 });
    expect(one.marginals).toEqual({ a: [0, 2], b: [0, 2] });
  });

  it("collapses under skew where AC1 does not", () => {
    const a = [...Array<number>(95).fill(0), 0, 0, 0, 1, 1];
    const b = [...Array<number>(95).fill(0), 1, 1, 1, 0, 0];
    expect(cohenKappa(a, b, { categories: [0, 1] }).kappa).toBeLessThan(0);
    expect(gwetAc1(a, b, { categories: [0, 1] }).ac1).toBeGreaterThan(0.9);
  });

  it("has an interval that holds the true kappa about as often as it says", () => {
    const random = new SeededRandom(1);
    const repetitions = 600;
    let held = 0;
    for (let run = 0; run < repetitions; run++) {
      const a: number[] = [];
      const b: number[] = [];
      for (let item = 0; item < 200; item++) {
        const truth = random.nextBelow(3);
        a.push(truth);
        // Copies the first rater half of the time, else guesses: kappa is exactly 0.5.
        b.push(random.nextBelow(2) === 0 ? truth : random.nextBelow(3));
      }
      const { lower, upper } = cohenKappa(a, b, { categories: [0, 1, 2] });
      if ((lower ?? 1) <= 0.5 && 0.5 <= (upper ?? 0)) held += 1;
    }
    expect(held / repetitions).toBeGreaterThan(0.925);
    expect(held / repetitions).toBeLessThan(0.975);
  });

  it.each([
    ["lengths that differ", [0, 1], [0], [0, 1], "none"],
    ["a label that is no category", [0, 5], [0, 1], [0, 1], "none"],
    ["a text for a number", [0, "1"], [0, 1], [0, 1], "none"],
    ["NaN", [0, Number.NaN], [0, 1], [0, 1, Number.NaN], "none"],
    ["a category twice", [0, 1], [0, 1], [0, 1, 1], "none"],
    ["unknown weights", [0, 1], [0, 1], [0, 1], "cubic"],
  ])("refuses %s", (_, a, b, categories, weights) => {
    const options = { categories, weights: weights as KappaWeights };
    expect(() => cohenKappa(a, b, options)).toThrow(StatisticsError);
    expect(() => cohenKappa([0], [0], { categories: [0], level: 1 })).toThrow(StatisticsError);
  });
});

describe("Gwet's AC1", () => {
  it("is symmetric in the raters and in the categories", () => {
    fc.assert(
      fc.property(pairs, fc.shuffledSubarray(CATEGORIES, { minLength: 4 }), (rows, categories) => {
        const [a, b] = columns(rows);
        const one = gwetAc1(a, b, { categories: CATEGORIES });
        expect(gwetAc1(b, a, { categories }).ac1 ?? 2).toBeCloseTo(one.ac1 ?? 2, 12);
        expect(gwetAc1(b, a, { categories }).se ?? 2).toBeCloseTo(one.se ?? 2, 12);
      }),
    );
  });

  it("is 1 where kappa is not defined, and null where it is not defined itself", () => {
    expect(gwetAc1([1, 1], [1, 1], { categories: [0, 1] })).toMatchObject({
      ac1: 1,
      se: 0,
      lower: 1,
      upper: 1,
    });
    expect(gwetAc1([1, 1], [1, 1], { categories: [1] })).toMatchObject({ ac1: null, po: 1, pe: null });
    expect(gwetAc1([], [], { categories: [0, 1] })).toMatchObject({ ac1: null, po: null });
    expect(gwetAc1([1], [1], { categories: [0, 1] })).toMatchObject({ ac1: 1, se: null, lower: null });
    expect(() => gwetAc1([1], [], { categories: [0, 1] })).toThrow(StatisticsError);
  });
});

describe("Krippendorff's alpha", () => {
  const rating = fc.option(fc.integer({ min: 1, max: 4 }), { freq: 4 });
  const table = fc
    .integer({ min: 1, max: 12 })
    .chain((units) => fc.array(fc.array(rating, { minLength: units, maxLength: units }), { maxLength: 5 }));

  it("is blind to the order of raters; interval alpha to scale and shift, ordinal to any rising map", () => {
    fc.assert(
      fc.property(table, (ratings) => {
        const reversed = [...ratings].reverse();
        const map = (change: (value: number) => number) =>
          ratings.map((row) => row.map((value) => (value === null ? null : change(value))));
        for (const metric of ["nominal", "ordinal", "interval", "ratio"] as const) {
          const { alpha, pairable } = krippendorffAlpha(ratings, metric);
          expect(krippendorffAlpha(reversed, metric).alpha ?? 2).toBeCloseTo(alpha ?? 2, 10);
          expect(krippendorffAlpha(reversed, metric).pairable).toBe(pairable);
          if (alpha !== null) expect(alpha).toBeLessThanOrEqual(1);
        }
        const interval = krippendorffAlpha(ratings, "interval").alpha ?? 2;
        expect(
          krippendorffAlpha(
            map((x) => 10 * x - 3),
            "interval",
          ).alpha ?? 2,
        ).toBeCloseTo(interval, 9);
        const ordinal = krippendorffAlpha(ratings, "ordinal").alpha ?? 2;
        expect(
          krippendorffAlpha(
            map((x) => x ** 3),
            "ordinal",
          ).alpha ?? 2,
        ).toBeCloseTo(ordinal, 9);
      }),
    );
  });

  it("takes any labels as nominal", () => {
    const texts = krippendorffAlpha([
      ["yes", "no", "no", null],
      ["yes", "no", "yes", "no"],
    ]);
    const numbers = krippendorffAlpha([
      [1, 0, 0, null],
      [1, 0, 1, 0],
    ]);
    expect(texts).toEqual(numbers);
    expect(texts.pairable).toBe(6);
  });

  it("needs variation and pairs", () => {
    expect(krippendorffAlpha([])).toEqual({ alpha: null, pairable: 0 });
    expect(krippendorffAlpha([[1, 2, 3]])).toEqual({ alpha: null, pairable: 0 });
    expect(
      krippendorffAlpha([
        [1, null],
        [null, 2],
      ]),
    ).toEqual({ alpha: null, pairable: 0 });
    expect(
      krippendorffAlpha(
        [
          [7, 7],
          [7, 7],
        ],
        "interval",
      ),
    ).toEqual({ alpha: null, pairable: 4 });
    expect(
      krippendorffAlpha(
        [
          [0, 1],
          [0, 1],
        ],
        "ratio",
      ),
    ).toEqual({ alpha: 1, pairable: 4 });
    expect(
      krippendorffAlpha(
        [
          [1e300, -1e300],
          [1e300, -1e300],
        ],
        "interval",
      ).alpha,
    ).toBe(1);
  });

  it("refuses rows of unequal length and values that do not fit the metric", () => {
    expect(() => krippendorffAlpha([[1, 2], [1]])).toThrow(StatisticsError);
    expect(() => krippendorffAlpha([["a"], ["b"]], "interval")).toThrow(StatisticsError);
    expect(() => krippendorffAlpha([[-1], [2]], "ratio")).toThrow(StatisticsError);
    expect(() => krippendorffAlpha([[Number.NaN], [2]])).toThrow(StatisticsError);
    expect(() => krippendorffAlpha([[1], [2]], "cardinal" as "nominal")).toThrow(StatisticsError);
  });
});

describe("Fleiss' kappa", () => {
  it("of two raters is Scott's pi: chance from pooled marginals", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const table = rows.map(([a, b]) => CATEGORIES.map((c) => Number(a === c) + Number(b === c)));
        const po = rows.filter(([a, b]) => a === b).length / rows.length;
        const pooled = CATEGORIES.map(
          (_, c) => table.reduce((sum, row) => sum + row[c]!, 0) / (2 * rows.length),
        );
        const pe = pooled.reduce((sum, share) => sum + share * share, 0);
        const { kappa } = fleissKappa(table);
        if (kappa === null) expect(pe).toBe(1);
        else expect(kappa).toBeCloseTo((po - pe) / (1 - pe), 10);
      }),
    );
  });

  it("is null without items, pairs of raters or variation, and refuses unequal raters", () => {
    expect(fleissKappa([]).kappa).toBeNull();
    expect(
      fleissKappa([
        [1, 0],
        [0, 1],
      ]).kappa,
    ).toBeNull();
    expect(
      fleissKappa([
        [0, 3],
        [0, 3],
      ]),
    ).toMatchObject({ kappa: null, po: 1, pe: 1, raters: 3 });
    expect(() =>
      fleissKappa([
        [2, 1],
        [1, 1],
      ]),
    ).toThrow(StatisticsError);
    expect(() => fleissKappa([[2, 1], [3]])).toThrow(StatisticsError);
    expect(() => fleissKappa([[1.5, 1.5]])).toThrow(StatisticsError);
  });
});

describe("bias of a judge", () => {
  it("position: a slot that always wins, a judge that never flips, ties", () => {
    const first: PairVerdict[] = Array<PairVerdict>(6).fill("A");
    const second: PairVerdict[] = Array<PairVerdict>(6).fill("B");
    expect(positionBias(first, second)).toEqual({
      n: 6,
      consistency: 0,
      firstOnly: 6,
      secondOnly: 0,
      bias: 1,
      p: expect.closeTo(0.03125, 12),
    });
    expect(positionBias(["A", "tie", "tie"], ["tie", "B", "tie"])).toMatchObject({ firstOnly: 0, p: 1 });
    expect(positionBias([], [])).toMatchObject({ n: 0, consistency: null, bias: null, p: 1 });
    expect(() => positionBias(["A"], [])).toThrow(StatisticsError);
    expect(() => positionBias(["A"], ["C" as "B"])).toThrow(StatisticsError);
  });

  it("position: swapping the orders turns the sign", () => {
    const verdict = fc.constantFrom<PairVerdict>("A", "B", "tie");
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict), { minLength: 1 }), (rows) => {
        const ab = rows.map(([x]) => x);
        const ba = rows.map(([, y]) => y);
        const one = positionBias(ab, ba);
        const other = positionBias(ba, ab);
        expect(other.bias! + one.bias!).toBeCloseTo(0, 12);
        expect(other.p).toBe(one.p);
        expect(other.consistency).toBe(one.consistency);
      }),
    );
  });

  it("verbosity: pairs without a human winner are left out", () => {
    const judge = ["longer", "longer", "shorter", "tie"] as const;
    expect(verbosityBias(judge, ["shorter", "tie", "longer", "longer"])).toEqual({
      n: 3,
      errorsToLonger: 1,
      errorsToShorter: 1,
      bias: 0,
      p: 1,
    });
    expect(verbosityBias([], [])).toMatchObject({ n: 0, bias: null, p: 1 });
    expect(() => verbosityBias(["longer"], [])).toThrow(StatisticsError);
    expect(() => verbosityBias(["longest" as "longer"], ["tie"])).toThrow(StatisticsError);
  });
});

it("AC1 of agreement as by chance is 0, not the rounding of a sum", () => {
  const a = Array.from({ length: 40 }, (_, index) => String((index % 5) + 1));
  const b = Array.from({ length: 40 }, (_, index) => String(((index * 2) % 5) + 1));
  expect(gwetAc1(a, b, { categories: ["1", "2", "3", "4", "5"] }).ac1).toBe(0);
});
