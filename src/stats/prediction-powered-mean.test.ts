import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { predictionPoweredMean } from "./prediction-powered-mean.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";

const grade = fc.integer({ min: 1, max: 5 });
const labelled = fc.array(fc.record({ truth: grade, judged: grade }), { minLength: 2, maxLength: 40 });
const unlabelled = fc.array(grade, { minLength: 2, maxLength: 80 });

describe("the prediction-powered mean", () => {
  it("at lambda 1 is the judge's mean plus its mean error on the labels", () => {
    const got = predictionPoweredMean({
      labelled: [
        { truth: 1, judged: 1 },
        { truth: 0, judged: 1 },
        { truth: 1, judged: 1 },
        { truth: 0, judged: 0 },
      ],
      unlabelled: [1, 1, 1, 0, 1],
    });
    expect(got).toMatchObject({ labelled: 4, unlabelled: 5, disagreements: 1, reason: null });
    expect(got.raw).toBeCloseTo(7 / 9, 14);
    expect(got.human.mean).toBe(0.5);
    expect(got.ppi!.lambda).toBe(1);
    expect(got.ppi!.estimate).toBeCloseTo(0.8 - 0.25, 14);
  });

  it("ignores a judge that says one thing only, and one that errs against the labels", () => {
    fc.assert(
      fc.property(labelled, grade, (items, constant) => {
        const same = items.map(({ truth }) => ({ truth, judged: constant }));
        const against = items.map(({ truth }) => ({ truth, judged: -truth }));
        for (const input of [
          { labelled: same, unlabelled: [constant, constant] },
          { labelled: against, unlabelled: [-1, -3, -5] },
        ]) {
          const { tuned, human } = predictionPoweredMean(input);
          expect(tuned!.lambda).toBe(0);
          expect(tuned!.estimate).toBeCloseTo(human.mean!, 12);
          expect(tuned!.se).toBeCloseTo(human.se!, 12);
          expect(tuned!.lower).toBeCloseTo(human.lower!, 9);
          expect(tuned!.upper).toBeCloseTo(human.upper!, 9);
        }
      }),
    );
  });

  it("is blind to the order of items, and moves with the scale and the origin of the scores", () => {
    fc.assert(
      fc.property(labelled, unlabelled, (items, rest) => {
        const one = predictionPoweredMean({ labelled: items, unlabelled: rest });
        const reversed = predictionPoweredMean({
          labelled: [...items].reverse(),
          unlabelled: [...rest].reverse(),
        });
        const map = (value: number) => 10 * value - 3;
        const moved = predictionPoweredMean({
          labelled: items.map(({ truth, judged }) => ({ truth: map(truth), judged: map(judged) })),
          unlabelled: rest.map(map),
        });
        for (const kind of ["ppi", "tuned"] as const) {
          const { lambda, estimate, lower, upper } = one[kind]!;
          expect(lambda >= 0 && lambda <= 1 && lower <= estimate && estimate <= upper).toBe(true);
          expect(reversed[kind]!.estimate).toBeCloseTo(estimate, 10);
          expect(moved[kind]!.lambda).toBeCloseTo(lambda, 10);
          expect(moved[kind]!.estimate).toBeCloseTo(map(estimate), 8);
          expect(moved[kind]!.lower).toBeCloseTo(map(lower), 8);
        }
      }),
    );
  });

  it("covers the true rate, and is narrower than the labels alone when the judge is good", () => {
    const random = new SeededRandom(20_261_121);
    const flip = (rate: number) => random.nextUnit() < rate;
    const item = () => {
      const truth = flip(0.3) ? 1 : 0;
      return { truth, judged: flip(0.9) ? truth : 1 - truth };
    };
    const [runs, held, narrower] = [1000, { ppi: 0, tuned: 0 }, { count: 0 }];
    for (let run = 0; run < runs; run++) {
      const got = predictionPoweredMean({
        labelled: Array.from({ length: 100 }, item),
        unlabelled: Array.from({ length: 1000 }, () => item().judged),
      });
      for (const kind of ["ppi", "tuned"] as const) {
        if (got[kind]!.lower <= 0.3 && 0.3 <= got[kind]!.upper) held[kind]++;
      }
      if (got.tuned!.se < got.human.se!) narrower.count++;
    }
    for (const count of [held.ppi, held.tuned]) {
      expect(count / runs).toBeGreaterThan(0.925);
      expect(count / runs).toBeLessThan(0.975);
    }
    expect(narrower.count / runs).toBeGreaterThan(0.98);
  });

  it("says what is missing with fewer than two items of either kind", () => {
    const pair = { truth: 1, judged: 0 };
    expect(predictionPoweredMean({ labelled: [], unlabelled: [] })).toMatchObject({
      raw: null,
      human: { mean: null },
      ppi: null,
      tuned: null,
      reason: "fewer than two labelled items",
    });
    const one = predictionPoweredMean({ labelled: [pair], unlabelled: [1, 0] });
    expect(one).toMatchObject({ ppi: null, human: { mean: 1, se: null } });
    const alone = predictionPoweredMean({ labelled: [pair, pair], unlabelled: [1] });
    expect(alone).toMatchObject({ tuned: null, disagreements: 2 });
    expect(alone.reason).toMatch(/judge alone/);
  });

  it.each([
    [{ labelled: [{ truth: Number.NaN, judged: 1 }] }],
    [{ labelled: [{ truth: 1, judged: null as unknown as number }] }],
    [{ unlabelled: [Number.POSITIVE_INFINITY] }],
    [{ level: 0 }],
  ])("refuses %j", (wrong) => {
    expect(() => predictionPoweredMean({ labelled: [], unlabelled: [], ...wrong })).toThrow(StatisticsError);
  });
});
