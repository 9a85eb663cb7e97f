import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusteredKappa } from "./clustered-kappa.js";
import { cohenKappa } from "./cohen-kappa.js";
import { StatisticsError } from "./statistics-error.js";

const categories = [0, 1, 2];
const rating = fc.integer({ min: 0, max: 2 });
const pairs = fc.array(fc.tuple(rating, rating), { minLength: 4, maxLength: 60 });
const weights = fc.constantFrom("none", "linear", "quadratic");
const split = (items: readonly (readonly [number, number])[]) =>
  [items.map(([a]) => a), items.map(([, b]) => b)] as const;
const own = (items: readonly unknown[]) => items.map((_, index) => `c${index}`);

describe("kappa of items in clusters", () => {
  it("has the error of single items, stretched, when each is a cluster of its own", () => {
    fc.assert(
      fc.property(pairs, weights, (items, weights) => {
        const [a, b] = split(items);
        const plain = cohenKappa(a, b, { categories, weights });
        const found = clusteredKappa(a, b, own(items), { categories, weights });
        expect(found.kappa).toBe(plain.kappa);
        if (plain.se === null) expect(found.se).toBeNull();
        else expect(found.se).toBeCloseTo(plain.se * Math.sqrt(items.length / (items.length - 1)), 12);
      }),
    );
  });

  it("learns nothing from repetitions of the same items", () => {
    fc.assert(
      fc.property(pairs, fc.integer({ min: 2, max: 5 }), weights, (items, times, weights) => {
        const once = clusteredKappa(...split(items), own(items), { categories, weights });
        const repeated = Array.from({ length: times }, () => items).flat();
        const clusters = Array.from({ length: times }, () => own(items)).flat();
        const again = clusteredKappa(...split(repeated), clusters, { categories, weights });
        if (once.se === null) return expect(again.se).toBeNull();
        expect(again.kappa).toBeCloseTo(once.kappa ?? 0, 12);
        expect(again.se).toBeCloseTo(once.se, 10);
        expect(again.lower).toBeCloseTo(once.lower ?? 0, 10);
      }),
    );
  });

  it("agrees with leaving out one cluster after another", () => {
    // 60 clusters of 3 items; the judge errs on whole clusters.
    const clusters = Array.from({ length: 180 }, (_, index) => `case-${Math.floor(index / 3)}`);
    const a = clusters.map((_, index) => (index * 7) % 3);
    const b = a.map((label, index) => (Math.floor(index / 3) % 6 === 0 ? (label + 1) % 3 : label));
    const found = clusteredKappa(a, b, clusters, { categories });
    const left = [...new Set(clusters)].map((gone) => {
      const kept = (labels: readonly number[]) => labels.filter((_, index) => clusters[index] !== gone);
      return cohenKappa(kept(a), kept(b), { categories }).kappa ?? 0;
    });
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
    const jackknife = Math.sqrt(
      ((left.length - 1) / left.length) * left.reduce((sum, value) => sum + (value - mean) ** 2, 0),
    );
    expect(found.clusters).toBe(60);
    expect((found.se ?? 0) / jackknife).toBeGreaterThan(0.97);
    expect((found.se ?? 0) / jackknife).toBeLessThan(1.03);
    expect((found.se ?? 0) / (cohenKappa(a, b, { categories }).se ?? 1)).toBeGreaterThan(1.6);
  });

  it("is not known with one cluster, without items, and where kappa is not", () => {
    expect(clusteredKappa([0, 1], [0, 1], ["c", "c"], { categories })).toMatchObject({ kappa: 1, se: null });
    expect(clusteredKappa([], [], [], { categories })).toMatchObject({ kappa: null, clusters: 0 });
    expect(clusteredKappa([0, 0], [0, 0], ["c", "d"], { categories })).toMatchObject({ se: null });
    expect(() => clusteredKappa([0], [0], [], { categories })).toThrow(StatisticsError);
  });
});
