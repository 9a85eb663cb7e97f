import fc from "fast-check";
import { expect, it } from "vitest";
import { wilson } from "../stats/wilson.js";
import { ratingLimits } from "./rating-limits.js";

const own = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);
const stars = { min: 1, max: 5 };

it("is Student's t of the grades", () => {
  // scipy 1.17.1: stats.t.interval(.95, 4, 3, stats.sem([1, 2, 3, 4, 5]))
  const { value, lower, upper, method } = ratingLimits([1, 2, 3, 4, 5], own(5), 0.95, stars);
  expect([value, method]).toEqual([3, "t"]);
  expect(lower).toBeCloseTo(1.0367568, 6);
  expect(upper).toBeCloseTo(4.9632432, 6);
});

it("is cut to the scale, which may lie below 0", () => {
  expect(ratingLimits([5, 5, 4], own(3), 0.95, stars).upper).toBe(5);
  const below = ratingLimits([-2, -1, -2, -1], own(4), 0.95, { min: -2, max: 2 });
  expect(below.lower).toBe(-2);
  expect(below.upper).toBeLessThan(0);
});

it("claims no certainty where all grades are the same", () => {
  const share = 1 - (wilson(20, 20, 0.95).lower ?? 0);
  const best = ratingLimits(Array(20).fill(5), own(20), 0.95, stars);
  expect(best).toMatchObject({ value: 5, upper: 5, method: "wilson-clusters" });
  expect(best.lower).toBeCloseTo(5 - 4 * share, 12);
  const middle = ratingLimits(Array(20).fill(3), own(20), 0.95, stars);
  expect(middle.lower).toBeCloseTo(3 - 2 * share, 12);
  expect(middle.upper).toBeCloseTo(3 + 2 * share, 12);
  expect(ratingLimits([3, 3, 3], own(3), 0.95, null)).toMatchObject({ value: 3, lower: null, upper: null });
});

it("holds its mean and stays on the scale, whatever the grades", () => {
  const grades = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(grades, (values) => {
      const { value, lower, upper } = ratingLimits(values, own(values.length), 0.95, stars);
      expect(lower).toBeLessThanOrEqual((value ?? 0) + 1e-9);
      expect(upper).toBeGreaterThanOrEqual((value ?? 0) - 1e-9);
      expect(lower).toBeGreaterThanOrEqual(1);
      expect(upper).toBeLessThanOrEqual(5);
      expect(upper).toBeGreaterThan(lower ?? 0);
    }),
  );
});
