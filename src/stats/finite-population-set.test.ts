import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logPopulationEvidence, populationSuccesses } from "./finite-population-set.js";
import { SeededRandom } from "./random.js";

describe("the evidence against a composition", () => {
  it("agrees with scipy 1.10.1: gammaln of prior, marginal and hypergeometric likelihood", () => {
    const drawn = { successes: 12, failures: 3, others: 0 };
    expect(logPopulationEvidence(drawn, { successes: 40, failures: 10, others: 0 })).toBeCloseTo(
      -1.7966585048695478,
      9,
    );
    expect(
      logPopulationEvidence({ ...drawn, others: 2 }, { successes: 20, failures: 25, others: 5 }),
    ).toBeCloseTo(2.093762853144316, 9);
  });

  it("has a mean of at most 1 under the truth at every look, by enumeration of all draws", () => {
    const population = { successes: 3, failures: 2, others: 1 };
    const outcomes = ["successes", "successes", "successes", "failures", "failures", "others"] as const;
    for (const n of [1, 2, 4, 6]) {
      const means = draws(outcomes, n).map((draw) => {
        const drawn = { successes: 0, failures: 0, others: 0 };
        for (const one of draw) drawn[one] += 1;
        return Math.exp(logPopulationEvidence(drawn, population));
      });
      const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
      expect(mean).toBeLessThan(1 + 1e-9);
      // One draw cannot exhaust an outcome, so nothing of the mixture is lost.
      if (n === 1) expect(mean).toBeCloseTo(1, 9);
    }
  });
});

function draws<Item>(items: readonly Item[], n: number): Item[][] {
  if (n === 0) return [[]];
  return items.flatMap((item, index) =>
    draws(
      items.filter((_, other) => other !== index),
      n - 1,
    ).map((rest) => [item, ...rest]),
  );
}

describe("the compatible numbers of successes", () => {
  it("hold the truth at every look together, more often than the error rate allows to miss", () => {
    const random = new SeededRandom(7);
    let misses = 0;
    const [size, truth, sessions] = [60, 51, 400];
    for (let session = 0; session < sessions; session += 1) {
      const order = Array.from({ length: size }, (_, index) => ({
        is: index < truth,
        at: random.nextUnit(),
      }));
      order.sort((a, b) => a.at - b.at);
      const drawn = { successes: 0, failures: 0, others: 0 };
      const isMissed = order.some(({ is }) => {
        drawn[is ? "successes" : "failures"] += 1;
        const range = populationSuccesses(drawn, size, 0, 0.1);
        return range === null || truth < range.lower || truth > range.upper;
      });
      if (isMissed) misses += 1;
    }
    // 3 standard errors above 10 %.
    expect(misses / sessions).toBeLessThan(0.145);
    expect(misses).toBeGreaterThan(0);
  });

  it("are those of the whole once everything was drawn, and all that is possible before", () => {
    expect(populationSuccesses({ successes: 8, failures: 2, others: 0 }, 10, 0, 0.05)).toEqual({
      lower: 8,
      upper: 8,
    });
    expect(populationSuccesses({ successes: 0, failures: 0, others: 0 }, 10, 0, 0.05)).toEqual({
      lower: 0,
      upper: 10,
    });
  });

  it("are exactly those with too little evidence against them", () => {
    const counts = fc.record({
      successes: fc.nat(12),
      failures: fc.nat(12),
      others: fc.nat(3),
      rest: fc.nat(20),
      alpha: fc.constantFrom(0.01, 0.05, 0.2),
    });
    fc.assert(
      fc.property(counts, ({ rest, alpha, ...drawn }) => {
        const size = drawn.successes + drawn.failures + drawn.others + rest;
        const range = populationSuccesses(drawn, size, drawn.others, alpha);
        for (let successes = 0; successes <= size - drawn.others; successes += 1) {
          const population = { successes, failures: size - drawn.others - successes, others: drawn.others };
          const isIn = range !== null && successes >= range.lower && successes <= range.upper;
          expect(logPopulationEvidence(drawn, population) < -Math.log(alpha)).toBe(isIn);
        }
      }),
    );
  });
});
