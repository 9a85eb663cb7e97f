import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bcaInterval } from "./bca-interval.js";
import { bootstrapMean, bootstrapRatio } from "./bootstrap.js";
import { clopperPearson } from "./clopper-pearson.js";
import { clusteredMean } from "./clustered-se.js";
import { costPerSuccess } from "./cost-per-success.js";
import { meanInterval } from "./mean-interval.js";
import { passAtK, passHatK } from "./pass-at-k.js";
import { quantile, quantileInterval } from "./quantile.js";
import { SeededRandom } from "./random.js";
import { retrievalMetrics } from "./retrieval-metrics.js";
import { StatisticsError } from "./statistics-error.js";
import { wilson } from "./wilson.js";

const counts = fc
  .integer({ min: 1, max: 3000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 });
const bad = [Number.NaN, Number.POSITIVE_INFINITY, null as unknown as number];

describe("rates", () => {
  it.each([
    ["wilson", wilson],
    ["clopper-pearson", clopperPearson],
  ])(
    "%s lies in [0, 1] around the rate, mirrors, and narrows with more trials at one rate",
    (_, interval) => {
      fc.assert(
        fc.property(counts, fc.double({ min: 0.5, max: 0.999, noNaN: true }), ([x, n], level) => {
          const got = interval(x, n, level);
          const mirrored = interval(n - x, n, level);
          const more = interval(3 * x, 3 * n, level);
          expect(got.lower).toBeGreaterThanOrEqual(0);
          expect(got.upper).toBeLessThanOrEqual(1);
          expect(got.lower!).toBeLessThanOrEqual(x / n + 1e-12);
          expect(got.upper!).toBeGreaterThanOrEqual(x / n - 1e-12);
          expect(mirrored.lower!).toBeCloseTo(1 - got.upper!, 10);
          expect(more.upper! - more.lower!).toBeLessThanOrEqual(got.upper! - got.lower! + 1e-12);
        }),
      );
    },
  );

  it("refuse impossible counts and levels", () => {
    for (const [x, n] of [
      [-1, 3],
      [4, 3],
      [0.5, 3],
      [1, 2.5],
      [Number.NaN, 3],
    ] as const) {
      expect(() => wilson(x, n)).toThrow(StatisticsError);
      expect(() => clopperPearson(x, n)).toThrow(RangeError);
    }
    for (const level of [0, 1, -0.1, Number.NaN]) expect(() => wilson(1, 2, level)).toThrow(RangeError);
  });
});

describe("means", () => {
  it("do not depend on the order of the values", () => {
    fc.assert(
      fc.property(values, (data) => {
        const forward = meanInterval(data);
        const backward = meanInterval([...data].reverse());
        expect(backward.mean!).toBeCloseTo(forward.mean!, 6);
        expect(backward.lower!).toBeCloseTo(forward.lower!, 5);
      }),
    );
  });

  it("collapse to the value when all are equal, whatever the value", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 2, max: 50 }),
        (drawn, n) => {
          const value = drawn + 0;
          const same = new Array<number>(n).fill(value);
          expect(meanInterval(same)).toEqual({ mean: value, se: 0, lower: value, upper: value });
          const clustered = clusteredMean(
            same,
            same.map((_, index) => index % 2),
          );
          expect([clustered.lower, clustered.upper, clustered.designEffect]).toEqual([value, value, null]);
        },
      ),
    );
  });

  it("with one value a cluster are the plain t interval", () => {
    fc.assert(
      fc.property(values, (data) => {
        const clustered = clusteredMean(
          data,
          data.map((_, index) => `case-${index}`),
        );
        const plain = meanInterval(data);
        expect(clustered.se!).toBeCloseTo(plain.se!, 5);
        expect(clustered.upper!).toBeCloseTo(plain.upper!, 4);
      }),
    );
  });

  it("refuse missing numbers and lengths that differ", () => {
    for (const value of bad) expect(() => meanInterval([1, value])).toThrow(StatisticsError);
    expect(() => clusteredMean([1, 2], ["a"])).toThrow("one length");
  });
});

describe("quantiles", () => {
  it("are monotone in q and stay within the data", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (data, q, r) => {
        const [low, high] = [quantile(data, Math.min(q, r))!, quantile(data, Math.max(q, r))!];
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(Math.min(...data));
        expect(high).toBeLessThanOrEqual(Math.max(...data) + 1e-9);
      }),
    );
  });

  it.each([
    [0.95, 72],
    [0.99, 368],
  ])("q = %d has an upper limit from %d values on", (q, n) => {
    const data = Array.from({ length: n }, (_, index) => index);
    expect(quantileInterval(data, q).upper).toBe(n - 1);
    expect(quantileInterval(data.slice(1), q).upper).toBeNull();
  });

  it("have no value without data", () => {
    expect(quantileInterval([], 0.5)).toMatchObject({ estimate: null, lower: null, upper: null });
  });
});

describe("bootstrap", () => {
  const data = Array.from({ length: 40 }, (_, index) => (index * 37) % 11);

  it("gives the same interval for the same seed, another for another", () => {
    expect(bootstrapMean(data, null, { seed: 7 })).toEqual(bootstrapMean(data, null, { seed: 7 }));
    expect(bootstrapMean(data, null, { seed: 7 })).not.toEqual(bootstrapMean(data, null, { seed: 8 }));
  });

  it("is wider over clusters when values within one are alike", () => {
    const alike = data.map((_, index) => Math.floor(index / 8));
    const rows = bootstrapMean(alike, null, { seed: 1 });
    const clusters = bootstrapMean(alike, alike, { seed: 1 });
    expect(clusters.clusters).toBe(5);
    expect(clusters.fewClusters).toBe(true);
    expect(clusters.upper! - clusters.lower!).toBeGreaterThan(1.5 * (rows.upper! - rows.lower!));
  });

  it("of a ratio has no finite upper limit when many resamples hold no success", () => {
    const rare = bootstrapRatio([1, 1, 1, 1], [1, 0, 0, 0], null, { seed: 1 });
    expect(rare.estimate).toBe(4);
    expect(rare.upper).toBeNull();
    expect(bootstrapRatio([1, 1], [0, 0], null, { seed: 1 }).estimate).toBeNull();
    expect(bootstrapRatio([1], [1], null, { seed: 1 })).toMatchObject({ estimate: 1, lower: null });
  });

  it("falls back to percentiles, flagged, when every replicate lies on one side", () => {
    const got = bcaInterval(0, [1, 2, 3, 4], [0.5, 1, 0.7], 0.9);
    expect(got).toMatchObject({ method: "percentile", z0: null });
    expect(got.lower).toBeCloseTo(1.15, 12);
    for (const value of bad) expect(() => bcaInterval(0, [value], [1])).toThrow(StatisticsError);
    expect(() => bcaInterval(0, [], [1])).toThrow(StatisticsError);
  });
});

describe("random numbers", () => {
  it("are the same sequence on every machine", () => {
    const random = new SeededRandom(42);
    expect([random.nextUint32(), random.nextUint32(), random.nextUint32()]).toMatchInlineSnapshot(`
      [
        3647823950,
        1940525987,
        1094332607,
      ]
    `);
  });

  it("fill like they are drawn one by one, within bounds and evenly", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 200_000 }), (seed, bound) => {
        const filled = new Int32Array(20);
        new SeededRandom(seed).fillBelow(filled, bound);
        const drawn = new SeededRandom(seed);
        expect([...filled]).toEqual(Array.from({ length: 20 }, () => drawn.nextBelow(bound)));
      }),
    );
    const values = Float64Array.from({ length: 50 }, (_, index) => index * index);
    const picks = new Int32Array(50);
    new SeededRandom(9).fillBelow(picks, 50);
    expect(new SeededRandom(9).sumOfDraws(values)).toBe(picks.reduce((sum, pick) => sum + pick * pick, 0));
    const many = new Int32Array(100_000);
    new SeededRandom(3).fillBelow(many, 10);
    const seen = new Array<number>(10).fill(0);
    for (const value of many) seen[value]!++;
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(() => new SeededRandom(0.5)).toThrow(StatisticsError);
  });
});

describe("pass^k and pass@k", () => {
  it("agree at k = 1, and move apart as k grows", () => {
    const task = fc.integer({ min: 4, max: 30 }).chain((n) => fc.record({ n: fc.constant(n), c: fc.nat(n) }));
    fc.assert(
      fc.property(
        fc.array(task, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        (tasks, k) => {
          expect(passAtK(tasks, 1).value!).toBeCloseTo(passHatK(tasks, 1).value!, 12);
          expect(passHatK(tasks, k + 1).value!).toBeLessThanOrEqual(passHatK(tasks, k).value! + 1e-12);
          expect(passAtK(tasks, k + 1).value!).toBeGreaterThanOrEqual(passAtK(tasks, k).value! - 1e-12);
        },
      ),
    );
    expect(passHatK([], 1).value).toBeNull();
    expect(() => passHatK([{ n: 2, c: 1 }], 0)).toThrow(StatisticsError);
  });
});

describe("cost per success", () => {
  it("scales with the currency and has no interval for one unit", () => {
    const dollars = costPerSuccess([1, 2, 3], [1, 0, 1]);
    const cents = costPerSuccess([100, 200, 300], [1, 0, 1]);
    expect(cents.upper!).toBeCloseTo(100 * dollars.upper!, 9);
    expect(costPerSuccess([1], [1])).toEqual({ ratio: 1, se: null, lower: null, upper: null });
    expect(() => costPerSuccess([1, Number.NaN], [1, 1])).toThrow(StatisticsError);
  });
});

describe("retrieval metrics", () => {
  it("break ties by document id in bytes, descending, beyond the first Unicode plane", () => {
    const astral = "\u{1F600}";
    const bmp = "\uFF5E";
    const got = retrievalMetrics({ q: { [astral]: 1 } }, { q: { [bmp]: 1, [astral]: 1 } }, { cutoffs: [1] });
    expect(got.perQuery.q!.P_1).toBe(1);
  });

  it("count queries without a relevant document, and survive names of object methods", () => {
    const got = retrievalMetrics(
      { q: { a: -1 }, toString: { b: 1 } },
      { q: { constructor: 1 } },
      { cutoffs: [1] },
    );
    expect(got.queriesWithoutRelevant).toBe(1);
    expect(got.mean!.ndcg).toBe(0);
    expect(retrievalMetrics({}, {}, { cutoffs: [1] }).mean).toBeNull();
    expect(() => retrievalMetrics({}, {}, { cutoffs: [0] })).toThrow(StatisticsError);
  });
});
