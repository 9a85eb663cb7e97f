import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapMean } from "./bootstrap.js";
import { bootstrapLogCostRatio } from "./bootstrap-log-cost-ratio.js";
import {
  bootstrapQuantileDifference,
  bootstrapQuantileDifferences,
} from "./bootstrap-quantile-difference.js";
import { nearestRank } from "./nearest-rank.js";
import { normalQuantile } from "./normal.js";
import { quantile } from "./quantile.js";
import { SeededRandom } from "./random.js";
import { resampledQuantile, sortByCluster } from "./resampled-quantile.js";
import { StatisticsError } from "./statistics-error.js";

const ones = (n: number) => new Array<number>(n).fill(1);

/** Standard normal draws of a seed. */
function normals(seed: number): (n: number) => number[] {
  const random = new SeededRandom(seed);
  return (n) => Array.from({ length: n }, () => normalQuantile((random.nextUint32() + 0.5) / 2 ** 32));
}

describe("the bootstrap of a mean", () => {
  it("covers the true mean of skewed data nearly as often as it says", () => {
    const draw = normals(5);
    let covered = 0;
    for (let round = 0; round < 800; round++) {
      const got = bootstrapMean(draw(50).map(Math.exp), null, { seed: round, resamples: 600 });
      if (got.lower! <= Math.exp(0.5) && got.upper! >= Math.exp(0.5)) covered++;
    }
    expect(covered / 800).toBeGreaterThan(0.87);
    expect(covered / 800).toBeLessThan(0.97);
  });
});

describe("the bootstrap of a cost ratio", () => {
  const a = { costs: [1, 2, 3, 4, 2, 3, 1, 2], successes: [1, 0, 1, 1, 0, 1, 1, 1] };
  const b = { costs: [2, 2, 5, 4, 3, 4, 1, 3], successes: [1, 1, 1, 0, 0, 1, 1, 1] };

  it("is the log of the ratio of both costs per success", () => {
    const got = bootstrapLogCostRatio(a, b, null, { seed: 1 });
    expect(got.estimate).toBeCloseTo(Math.log(24 / 6 / (18 / 6)), 14);
    expect(got.lower!).toBeLessThan(got.estimate!);
    expect(got.upper!).toBeGreaterThan(got.estimate!);
    expect(got).toMatchObject({
      clusters: 8,
      fewClusters: true,
      seed: 1,
      method: "bca",
      undefinedResamples: 0,
    });
  });

  it("is exactly 0 when nothing changed, and log 2 when every cost doubled", () => {
    expect(bootstrapLogCostRatio(a, a, null, { seed: 1 })).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
    const doubled = { ...a, costs: a.costs.map((cost) => 2 * cost) };
    const got = bootstrapLogCostRatio(a, doubled, null, { seed: 1 });
    expect(got.lower).toBeCloseTo(Math.LN2, 14);
    expect(got.upper).toBeCloseTo(Math.LN2, 14);
  });

  it("mirrors nearly when the runs change places, and is wider over families", () => {
    const forward = bootstrapLogCostRatio(a, b, null, { seed: 1 });
    const backward = bootstrapLogCostRatio(b, a, null, { seed: 1 });
    expect(backward.estimate).toBeCloseTo(-forward.estimate!, 14);
    expect(Math.abs(backward.lower! + forward.upper!)).toBeLessThan(0.03);
    const copies = { costs: [...a.costs, ...a.costs], successes: [...a.successes, ...a.successes] };
    const others = { costs: [...b.costs, ...b.costs], successes: [...b.successes, ...b.successes] };
    const families = copies.costs.map((_, index) => index % 8);
    const ofFamilies = bootstrapLogCostRatio(copies, others, families, { seed: 1 });
    expect(ofFamilies.clusters).toBe(8);
    expect(ofFamilies.lower).toBeCloseTo(forward.lower!, 12);
    const ofRows = bootstrapLogCostRatio(copies, others, null, { seed: 1 });
    expect(ofFamilies.upper! - ofFamilies.lower!).toBeGreaterThan(1.2 * (ofRows.upper! - ofRows.lower!));
  });

  it("has no finite limit among resamples without success, and no estimate without success or cost", () => {
    const rare = bootstrapLogCostRatio(
      { costs: ones(4), successes: ones(4) },
      { costs: ones(4), successes: [1, 0, 0, 0] },
      null,
      { seed: 1 },
    );
    expect(rare.estimate).toBeCloseTo(Math.log(4), 14);
    expect(rare.upper).toBeNull();
    const both = { costs: ones(3), successes: [1, 0, 0] };
    expect(bootstrapLogCostRatio(both, both, null, { seed: 1 }).undefinedResamples).toBeGreaterThan(2000);
    const none = { costs: ones(4), successes: [0, 0, 0, 0] };
    const free = { costs: [0, 0, 0, 0], successes: ones(4) };
    for (const run of [none, free]) {
      const got = bootstrapLogCostRatio({ costs: ones(4), successes: ones(4) }, run, null, { seed: 1 });
      expect(got).toMatchObject({ estimate: null, lower: null, upper: null });
    }
    expect(bootstrapLogCostRatio(a, b, ones(8), { seed: 1 })).toMatchObject({ clusters: 1, lower: null });
    expect(() => bootstrapLogCostRatio(a, { ...b, costs: [1] }, null, { seed: 1 })).toThrow(StatisticsError);
    expect(() => bootstrapLogCostRatio({ costs: [-1], successes: [1] }, free, null, { seed: 1 })).toThrow(
      StatisticsError,
    );
  });
});

describe("the bootstrap of a quantile difference", () => {
  const sample = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 })), {
    minLength: 1,
    maxLength: 25,
  });

  it("weighs sorted values as if the resample had been written out", () => {
    const indexOf = new Map([0, 1, 2, 3, 4].map((key) => [key, key]));
    const picks = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(sample, picks, fc.constantFrom(0, 0.05, 0.5, 0.9, 0.95, 0.99, 1), (rows, drawn, q) => {
        const values = rows.map(([value]) => value);
        const clusters = rows.map(([, cluster]) => cluster);
        const draws = new Int32Array(5);
        for (const pick of drawn) draws[pick]! += 1;
        const written = rows.flatMap(([value, cluster]) => new Array<number>(draws[cluster]!).fill(value));
        const got = resampledQuantile(sortByCluster(values, clusters, indexOf), draws, q);
        if (written.length === 0) expect(got).toBeNaN();
        else expect(got).toBeCloseTo(quantile(written, q)!, 12);
      }),
    );
  });

  it("of a run with itself is 0 when paired, and a shift of all is found exactly", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
    const shifted = values.map((value) => value + 2);
    const options = { q: 0.9, paired: true, seed: 1, resamples: 2000 };
    const [own, other] = [values, shifted].map((data) => ({ values: data, clusters: null }));
    expect(bootstrapQuantileDifference(own!, own!, options)).toMatchObject({
      estimate: 0,
      lower: 0,
      upper: 0,
    });
    const got = bootstrapQuantileDifference(own!, other!, options);
    for (const value of [got.estimate, got.lower, got.upper]) expect(value).toBeCloseTo(2, 12);
    const apart = bootstrapQuantileDifference(own!, other!, { ...options, paired: false });
    expect(apart.lower!).toBeLessThan(1);
    expect(apart.upper!).toBeGreaterThan(3);
    expect(apart).toEqual(bootstrapQuantileDifference(own!, other!, { ...options, paired: false }));
  });

  it("draws cases with all their values, and leaves out resamples that lack a sample", () => {
    const got = bootstrapQuantileDifference(
      { values: [1, 2, 3, 4, 5], clusters: ["a", "a", "b", "b", "c"] },
      { values: [9], clusters: ["a"] },
      { q: 0.5, paired: true, seed: 1, resamples: 2000 },
    );
    expect(got).toMatchObject({ estimate: 6, baseline: 3, current: 9, clusters: 3, fewClusters: true });
    expect(Math.abs(got.undefinedResamples / 2000 - (2 / 3) ** 3)).toBeLessThan(0.05);
  });

  it.each([true, false])("of several at once is that of each by itself (paired: %s)", (paired) => {
    const baseline = { values: [1, 2, 3, 4, 5], clusters: ["a", "a", "b", "b", "c"] };
    const current = { values: [9, 4, 7], clusters: ["a", "d", "d"] };
    const options = { paired, seed: 1, resamples: 500 };
    const qs = [0.5, 0.99, 0];
    const together = bootstrapQuantileDifferences(baseline, current, { ...options, qs });
    expect(together).toEqual(
      qs.map((q) => bootstrapQuantileDifference(baseline, current, { ...options, q })),
    );
    expect(new Set(together.map(({ estimate }) => estimate)).size).toBe(3);
    expect((together[0]?.undefinedResamples ?? 0) > 0).toBe(paired);
  });

  it("warns of a tail too thin to claim, and knows empty samples", () => {
    const of = (n: number) => ({ values: Array.from({ length: n }, (_, index) => index), clusters: null });
    const sparse = (n: number, q: number) =>
      bootstrapQuantileDifference(of(n), of(n), { q, paired: false, seed: 1, resamples: 10 }).sparseTail;
    expect([sparse(71, 0.95), sparse(72, 0.95), sparse(367, 0.99), sparse(368, 0.99)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    const options = { q: 0.5, paired: false, seed: 1 };
    expect(bootstrapQuantileDifference(of(0), of(3), options)).toMatchObject({ estimate: null, lower: null });
    expect(bootstrapQuantileDifference(of(1), of(3), options)).toMatchObject({ estimate: 1, lower: null });
    expect(() => bootstrapQuantileDifference(of(2), of(3), { ...options, paired: true })).toThrow(
      "one length",
    );
    expect(() => bootstrapQuantileDifference(of(2), of(3), { ...options, q: 2 })).toThrow(StatisticsError);
    expect(() => bootstrapQuantileDifference(of(2), of(3), { ...options, level: 0 })).toThrow(
      StatisticsError,
    );
  });

  it("covers a true p95 difference at least nearly as often as it says", () => {
    const draw = normals(9);
    const truth = 0.2 * Math.exp(0.5 * normalQuantile(0.95));
    let covered = 0;
    for (let round = 0; round < 500; round++) {
      const baseline = { values: draw(150).map((z) => Math.exp(z / 2)), clusters: null };
      const current = { values: draw(150).map((z) => 1.2 * Math.exp(z / 2)), clusters: null };
      const options = { q: 0.95, paired: false, seed: round, resamples: 300 };
      const got = bootstrapQuantileDifference(baseline, current, options);
      if (got.lower! <= truth && got.upper! >= truth) covered++;
    }
    expect(covered / 500).toBeGreaterThan(0.925);
  });
});

describe("the nearest rank", () => {
  it("is the smallest value with at least q n values at or below it", () => {
    const whole = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const reaches = (limit: number) =>
          100 * values.filter((value) => value <= limit).length >= percent * values.length;
        const wanted = [...values].sort((a, b) => a - b).find(reaches);
        expect(nearestRank(values, percent / 100)).toBe(wanted);
      }),
    );
    expect(nearestRank([], 0.5)).toBeNull();
    expect(() => nearestRank([1], 1.5)).toThrow(StatisticsError);
    expect(() => nearestRank([Number.NaN], 0.5)).toThrow(StatisticsError);
  });
});
