import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conversationsForDrop, detectableDrop } from "./drop-size.js";

const AT_ONE_PERCENT = { stablePerCanary: 99 };

describe("conversations for a drop, at 1 % of the traffic", () => {
  it.each([
    [0.6, 3803, 619, 157],
    [0.8, 2678, 468, 131],
    [0.9, 1647, 318, 100],
  ])("are the published ones for a rate of %f", (rate, two, five, ten) => {
    const needed = [0.02, 0.05, 0.1].map((drop) => conversationsForDrop(rate, drop, AT_ONE_PERCENT));
    // The published ones use quantiles of two digits.
    for (const [at, published] of [two, five, ten].entries()) {
      expect(Math.abs((needed[at] ?? 0) - published)).toBeLessThanOrEqual(1 + published / 2000);
    }
  });

  it("are the published ones for a difference in either direction", () => {
    const needed = conversationsForDrop(0.8, 0.02, { ...AT_ONE_PERCENT, sides: 2 });
    expect(Math.abs(needed - 3399)).toBeLessThan(2);
  });
});

describe("what statsmodels 0.15.0 says", () => {
  // normal_sample_size_one_tail(drop, power, alpha, std_null=s, std_alternative=s), s² = max(p_c q_c, p_s q_s) + p_s q_s / k
  it.each([
    { rate: 0.8, drop: 0.02, k: 99, alpha: 0.05, power: 0.8, n: 2677.297081756763 },
    { rate: 0.6, drop: 0.1, k: 19, alpha: 0.0125, power: 0.8, n: 249.63228083437963 },
    { rate: 0.95, drop: 0.05, k: 3, alpha: 0.05, power: 0.9, n: 362.5362045116113 },
    { rate: 0.5, drop: 0.2, k: 1, alpha: 0.01, power: 0.8, n: 125.45035333493865 },
    { rate: 0.9, drop: 0.9, k: 1 / 3, alpha: 0.05, power: 0.8, n: 2.7478032142310096 },
  ])("of %j", ({ rate, drop, k, alpha, power, n }) => {
    expect(conversationsForDrop(rate, drop, { stablePerCanary: k, alpha, power })).toBeCloseTo(n, 6);
  });
});

describe("the detectable drop", () => {
  it.each([
    [50, 14, 17],
    [100, 9.9, 11.6],
    [300, 5.7, 6.4],
    [1000, 3.1, 3.3],
  ])(
    "with %i conversations is the published %f points, and %f with the variance of the worse rate",
    (n, published, own) => {
      const shortcut = 1.6449 + 0.8416;
      expect(shortcut * Math.sqrt((0.8 * 0.2) / n) * 100).toBeCloseTo(published, 0.5);
      expect((detectableDrop(0.8, n, AT_ONE_PERCENT) ?? 0) * 100).toBeCloseTo(own, 1);
    },
  );

  it("is none where not even a canary that never succeeds would be seen", () => {
    expect(detectableDrop(0.01, 20, AT_ONE_PERCENT)).toBeNull();
    expect(detectableDrop(0, 1e6, AT_ONE_PERCENT)).toBeNull();
  });

  it("needs just as many conversations as it was given, and never grows with them or with stable", () => {
    const rates = fc.double({ min: 0.05, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: 30, max: 1e6 }),
        fc.double({ min: 0.1, max: 100 }),
        (rate, n, k) => {
          const drop = detectableDrop(rate, n, { stablePerCanary: k });
          if (drop === null) return;
          expect(conversationsForDrop(rate, drop, { stablePerCanary: k })).toBeLessThanOrEqual(n);
          expect(detectableDrop(rate, 2 * n, { stablePerCanary: k })).toBeLessThanOrEqual(drop);
          expect(detectableDrop(rate, n, { stablePerCanary: 2 * k })).toBeLessThanOrEqual(drop);
          expect(detectableDrop(rate, 2 * n, { stablePerCanary: k, lookingPrice: 1 })).toBeGreaterThan(0);
        },
      ),
    );
  });
});
