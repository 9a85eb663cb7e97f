import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignmentLogRatio } from "./assignment-log-ratio.js";
import { canaryFailureEProcess } from "./canary-failure-e-process.js";
import { changePointEValue } from "./change-point-e-value.js";
import { mixtureRadius } from "./mixture-radius.js";
import { quantileConfidenceSequence } from "./quantile-confidence-sequence.js";
import { SeededRandom } from "./random.js";
import { sprtDifference } from "./sprt-difference.js";
import { StatisticsError } from "./statistics-error.js";
import { addUnit, emptySums, type Stratum, stratifiedDifference } from "./stratified-difference.js";
import { weightedOrder } from "./weighted-order.js";

/** Relative distance from a reference of SciPy 1.10.1, by binomial, normal and beta functions of its own. */
const isClose = (got: number, wanted: number) =>
  expect(Math.abs(got - wanted)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted)));

describe("log ratio of an assignment", () => {
  it.each([
    [3, 7, 0.01, 4, 3.8632950609442274],
    [120, 900, 0.1, 0.8, -6.170464693835356],
    [0, 50, 0.5, 1.5, -11.157177565710484],
  ])("%d against %d at share %d and ratio %d", (canary, baseline, share, ratio, wanted) => {
    isClose(assignmentLogRatio({ canary, baseline }, share, ratio), wanted);
  });

  it("is the failure e-process when only failures tell, and 0 at ratio 1", () => {
    const failures = [...Array(9)].map((_, index) => ({
      arm: index % 3 === 0 ? ("canary" as const) : ("baseline" as const),
      share: 0.2,
    }));
    const { logFinal } = canaryFailureEProcess(failures, { riskRatios: [3] });
    isClose(assignmentLogRatio({ canary: 3, baseline: 6 }, 0.2, 3), logFinal);
    expect(assignmentLogRatio({ canary: 3, baseline: 6 }, 0.2, 1)).toBe(0);
  });

  it("has mean 1 under random assignment, whatever the ratio", () => {
    const ratio = fc.double({ min: 0.1, max: 10, noNaN: true });
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(share, ratio, (s, r) => {
        const one = Math.exp(assignmentLogRatio({ canary: 1, baseline: 0 }, s, r));
        const other = Math.exp(assignmentLogRatio({ canary: 0, baseline: 1 }, s, r));
        expect(s * one + (1 - s) * other).toBeCloseTo(1, 12);
      }),
    );
  });

  it("refuses what is out of range", () => {
    for (const [share, ratio] of [
      [0, 2],
      [1, 2],
      [0.5, 0],
      [0.5, Number.NaN],
    ] as const) {
      expect(() => assignmentLogRatio({ canary: 1, baseline: 1 }, share, ratio)).toThrow(StatisticsError);
    }
    expect(() => assignmentLogRatio({ canary: 0.5, baseline: 1 }, 0.5, 2)).toThrow(StatisticsError);
  });
});

describe("change-point e-value", () => {
  it("is the mean over all and over every start, computed by hand", () => {
    const rows = [
      [0.1, -0.2],
      [1.5, 3],
      [-0.3, 0.8],
    ];
    const { log, since } = changePointEValue(rows, [0.4, 0.6], 5);
    isClose(log, 2.846886296520389);
    expect(since).toBe(0);
  });

  it("knows since when, and is 0 before anything was seen", () => {
    expect(changePointEValue([], [1], 3)).toEqual({ log: 0, since: 0 });
    expect(changePointEValue([[-5], [-5], [9]], [1], 3).since).toBe(2);
    isClose(changePointEValue([[0], [0]], [2], 8).log, 0);
  });

  it("counts windows beyond the plan in the evidence of those before", () => {
    const { log } = changePointEValue([[1], [2], [3]], [1], 1);
    isClose(log, 6);
  });

  it("refuses what is out of range", () => {
    expect(() => changePointEValue([[1]], [1, 2], 3)).toThrow(StatisticsError);
    expect(() => changePointEValue([[1]], [], 3)).toThrow(StatisticsError);
    expect(() => changePointEValue([[1]], [1], 0)).toThrow(StatisticsError);
  });
});

describe("mixture confidence sequence", () => {
  it.each([
    [1e-4, 6.5e-5, 0.05, 0.030527190213992257],
    [0.02, 0.001, 0.01, 0.8174820380912461],
    [1, 1, 0.5, 2.0078492985687766],
  ])("variance %d, tight at %d, alpha %d", (variance, tightAt, alpha, wanted) => {
    isClose(mixtureRadius(variance, { tightAt, alpha }), wanted);
  });

  it("asks for z = 3.04 where it is tight, which a published misprint has as 1.00", () => {
    const variance = 1 / 5000;
    const radius = mixtureRadius(variance, { tightAt: variance, alpha: 0.05 });
    expect(radius / Math.sqrt(variance)).toBeCloseTo(3.04, 2);
  });

  it("shrinks with the variance and refuses none", () => {
    const options = { tightAt: 0.01, alpha: 0.05 };
    expect(mixtureRadius(0.001, options)).toBeLessThan(mixtureRadius(0.002, options));
    for (const variance of [0, -1, Number.NaN]) {
      expect(() => mixtureRadius(variance, options)).toThrow(StatisticsError);
    }
    expect(() => mixtureRadius(1, { tightAt: 0, alpha: 0.05 })).toThrow(StatisticsError);
  });
});

describe("sequential test of a difference", () => {
  it.each([
    [0.01, 1e-4, 0.02, 0, "open"],
    [-0.005, 5e-5, 0.02, -6, "harmless"],
    [0.4, 0.01, 0.3, 7.5, "harmful"],
  ])("harm %d of variance %d against %d", (harm, variance, margin, wanted, verdict) => {
    const got = sprtDifference(harm, variance, { margin, alpha: 0.05, beta: 0.2 });
    isClose(got.logRatio, wanted);
    expect(got.verdict).toBe(verdict);
  });

  it("calls a harm of the margin harmless at most as often as beta, looked at 50 times", () => {
    const random = new SeededRandom(5);
    let harmless = 0;
    for (let run = 0; run < 1500; run++) {
      let failures = 0;
      for (let n = 1; n <= 1000; n++) {
        failures += Number(random.nextUnit() < 0.3);
        if (n % 20 !== 0) continue;
        const options = { margin: 0.1, alpha: 0.05, beta: 0.05 };
        const { verdict } = sprtDifference(failures / n - 0.2, 0.21 / n, options);
        if (verdict === "open") continue;
        harmless += Number(verdict === "harmless");
        break;
      }
    }
    expect(harmless / 1500).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt(0.0475 / 1500));
  });

  it("refuses what is out of range", () => {
    const options = { margin: 0.1, alpha: 0.05, beta: 0.2 };
    expect(() => sprtDifference(Number.NaN, 1, options)).toThrow(StatisticsError);
    expect(() => sprtDifference(0, 0, options)).toThrow(StatisticsError);
    expect(() => sprtDifference(0, 1, { ...options, margin: -0.1 })).toThrow(StatisticsError);
    expect(() => sprtDifference(0, 1, { ...options, beta: 1 })).toThrow(StatisticsError);
  });
});

describe("stratified difference", () => {
  const rates = (passed: number, units: number) => {
    const sums = emptySums();
    for (let index = 0; index < units; index++) addUnit(sums, index < passed ? 1 : 0);
    return sums;
  };
  const stratum = (canary: [number, number], stable: [number, number]): Stratum => ({
    canary: rates(...canary),
    stable: rates(...stable),
  });

  it("is Mantel and Haenszel's, also with a single unit in a stratum", () => {
    const strata = [stratum([30, 100], [200, 500]), stratum([5, 10], [90, 100]), stratum([1, 1], [3, 11])];
    isClose(stratifiedDifference(strata).difference ?? 0, -0.12109406704001302);
  });

  it("has the variance of Welch in one stratum", () => {
    const canary = emptySums();
    const stable = emptySums();
    for (const value of [3.1, 4.2, 5.9, 1]) addUnit(canary, value);
    for (const value of [2.2, 2.9, 7.7, 1.5, 0.3]) addUnit(stable, value);
    const { difference, variance, effective } = stratifiedDifference([{ canary, stable }]);
    isClose(difference ?? 0, 0.63);
    isClose(variance ?? 0, 2.6665666666666668);
    isClose(effective.canary, 4);
  });

  it("weighs a ratio of sums, with its linearised variance", () => {
    const canary = emptySums();
    for (const [value, weight] of [
      [0, 1],
      [1 / 3, 3],
      [0.5, 2],
      [0.2, 5],
    ] as const)
      addUnit(canary, value, weight);
    const stable = rates(0, 50);
    const { difference, variance } = stratifiedDifference([{ canary, stable }]);
    isClose(difference ?? 0, 0.2727272727272727);
    isClose(variance ?? 0, 0.004917696878628508);
  });

  it("tells a reversal, and says null where there is nothing", () => {
    const found = stratifiedDifference([stratum([81, 87], [234, 270]), stratum([192, 263], [55, 80])]);
    expect(found.reversal).toBe(true);
    expect(found.difference).toBeGreaterThan(0);
    expect(found.pooled).toBeLessThan(0);
    const none = { difference: null, variance: null, pooled: null, reversal: false };
    expect(stratifiedDifference([])).toMatchObject(none);
    expect(stratifiedDifference([stratum([1, 2], [0, 0])])).toMatchObject(none);
    expect(stratifiedDifference([stratum([1, 1], [2, 9])]).variance).toBeNull();
    const broken = rates(1, 2);
    addUnit(broken, Number.NaN);
    expect(() => stratifiedDifference([{ canary: broken, stable: rates(1, 2) }])).toThrow(StatisticsError);
  });

  it("does not depend on the order of strata, and mirrors", () => {
    const count = fc.nat(20).chain((units) => fc.tuple(fc.nat(units), fc.constant(units)));
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 5 }), (tables) => {
        const strata = tables.map(([a, b]) => stratum(a, b));
        const one = stratifiedDifference(strata);
        const back = stratifiedDifference([...strata].reverse());
        const mirror = stratifiedDifference(
          strata.map(({ canary, stable }) => ({ canary: stable, stable: canary })),
        );
        isClose(back.difference ?? 9, one.difference ?? 9);
        isClose(mirror.difference ?? -9, -(one.difference ?? 9));
        if (one.variance !== null) isClose(mirror.variance ?? 9, one.variance);
      }),
    );
  });
});

describe("weighted order", () => {
  it("is that of a sort, for values of any size and sign", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -3, max: 3 }),
    );
    const weight = fc.constantFrom(0.25, 0.5, 1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, weight), { minLength: 1, maxLength: 60 }),
        fc.nat(100),
        (pairs, at) => {
          const order = weightedOrder(
            Float64Array.from(pairs, ([v]) => v),
            Float64Array.from(pairs, ([, w]) => w),
          );
          const target = (at / 100) * order.whole;
          const sorted = [...pairs].sort(([a], [b]) => a - b);
          const sums = sorted.map((_, last) => sorted.slice(0, last + 1).reduce((sum, [, w]) => sum + w, 0));
          const found = sums.findIndex((sum) => sum > target * (1 + 1e-12));
          const wanted = sorted.at(found);
          expect(order.valueAbove(target)! + 0).toBe(wanted![0] + 0);
        },
      ),
    );
  });

  it("has no value without values, and refuses what is no number", () => {
    expect(weightedOrder(new Float64Array(), new Float64Array()).valueAbove(0)).toBeNull();
    const weigh = (value: number, weight: number) =>
      weightedOrder(Float64Array.of(value), Float64Array.of(weight));
    expect(() => weigh(Number.NaN, 1)).toThrow(StatisticsError);
    expect(() => weigh(1, 0)).toThrow(StatisticsError);
    expect(() => weightedOrder(Float64Array.of(1, 2), Float64Array.of(1))).toThrow(StatisticsError);
  });
});

describe("quantile confidence sequence", () => {
  const firstNumbers = (n: number) =>
    weightedOrder(
      Float64Array.from({ length: n }, (_, index) => index + 1),
      new Float64Array(n).fill(1),
    );

  it.each([
    [1000, 0.95, 0.05, 926, 971],
    [200, 0.5, 0.01, 74, 126],
    [60, 0.95, 0.05, 50, null],
    [150, 0.95, 0.05, 132, 149],
  ])("of %d values at %d: ranks by SciPy's beta functions", (n, q, alpha, lowest, highest) => {
    const { estimate, lower, upper } = quantileConfidenceSequence(firstNumbers(n), n, q, alpha);
    expect(estimate).toBe(Math.floor(n * q) + 1);
    expect(lower).toBe(lowest + 1);
    expect(upper).toBe(highest === null ? null : highest + 1);
  });

  it("holds the median of clusters at all looks at once", () => {
    const random = new SeededRandom(8);
    let left = 0;
    for (let run = 0; run < 200; run++) {
      const values: number[] = [];
      const weights: number[] = [];
      for (let unit = 1; unit <= 200; unit++) {
        const common = random.nextUnit();
        const size = 1 + random.nextBelow(5);
        for (let index = 0; index < size; index++) {
          values.push((common + random.nextUnit()) % 1);
          weights.push(1 / size);
        }
        if (unit % 20 !== 0) continue;
        const order = weightedOrder(Float64Array.from(values), Float64Array.from(weights));
        const { lower, upper } = quantileConfidenceSequence(order, unit, 0.5, 0.1);
        if ((lower ?? 0) <= 0.5 && 0.5 <= (upper ?? 1)) continue;
        left += 1;
        break;
      }
    }
    expect(left / 200).toBeLessThanOrEqual(0.1);
  });

  it("knows nothing without values, and refuses levels out of range", () => {
    const none = { estimate: null, lower: null, upper: null };
    expect(quantileConfidenceSequence(firstNumbers(0), 0, 0.5, 0.05)).toEqual(none);
    expect(quantileConfidenceSequence(firstNumbers(3), 0.5, 0.5, 0.05)).toEqual(none);
    expect(() => quantileConfidenceSequence(firstNumbers(3), 3, 1, 0.05)).toThrow(StatisticsError);
    expect(() => quantileConfidenceSequence(firstNumbers(3), 3, 0.5, 0)).toThrow(StatisticsError);
  });
});
