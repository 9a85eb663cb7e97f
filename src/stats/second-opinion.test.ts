import fc from "fast-check";
import { mean, sampleStandardDeviation } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { meanInterval } from "./mean-interval.js";
import { studentTUpperQuantile } from "./student-t.js";

/** simple-statistics 7.12.1, an implementation that none of us wrote, on inputs that no vector file holds. */
describe("the t interval of a mean agrees with simple-statistics", () => {
  it("for any sample", () => {
    const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), (values) => {
        const { mean: estimate, lower, upper } = meanInterval(values, 0.95);
        const half =
          (studentTUpperQuantile(0.025, values.length - 1) * sampleStandardDeviation(values)) /
          Math.sqrt(values.length);
        expect(estimate).toBeCloseTo(mean(values), 9);
        expect(lower).toBeCloseTo(mean(values) - half, 8);
        expect(upper).toBeCloseTo(mean(values) + half, 8);
      }),
    );
  });
});
