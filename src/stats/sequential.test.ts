import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bernoulliConfidenceSequence } from "./bernoulli-confidence-sequence.js";
import { logBernoulliEValue } from "./bernoulli-e-value.js";
import { type ArmFailure, canaryFailureEProcess } from "./canary-failure-e-process.js";
import { msprtNormal } from "./msprt-normal.js";
import { normalQuantile } from "./normal.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";
import { wilson } from "./wilson.js";

const coin = (random: SeededRandom, p: number) => random.nextBelow(1_000_000) < p * 1_000_000;

describe("Bernoulli e-value", () => {
  // mpmath 1.2.1 at 50 digits, log gammas
  it.each([
    [500_123, 10_000_000, 0.05, -8.64758147186452],
    [5_000_000, 10_000_000, 0.05, 8303648.200851706],
  ])("%d of %d against %d keeps its digits", (successes, trials, p0, wanted) => {
    const got = logBernoulliEValue(successes, trials, { p0 });
    expect(Math.abs(got - wanted)).toBeLessThan(1e-9 + 1e-11 * Math.abs(wanted));
  });

  it("is a martingale under the null: the mean over all outcomes stays 1", () => {
    for (const alternative of ["two-sided", "greater", "less"] as const) {
      const options = { p0: 0.2, alternative, prior: [0.5, 3] } as const;
      let mean = 0;
      let weight = 0.8 ** 12;
      for (let s = 0; s <= 12; s++) {
        const value = Math.exp(logBernoulliEValue(s, 12, options));
        mean += weight * value;
        weight *= ((12 - s) / (s + 1)) * (0.2 / 0.8);
      }
      expect(mean).toBeCloseTo(1, 12);
    }
  });

  it("mirrors: successes against p0 are failures against 1 - p0", () => {
    const rate = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), rate, (s, f, p0) => {
        const one = logBernoulliEValue(s, s + f, { p0, alternative: "greater", prior: [2, 3] });
        const other = logBernoulliEValue(f, s + f, { p0: 1 - p0, alternative: "less", prior: [3, 2] });
        expect(Math.abs(one - other)).toBeLessThan(1e-9 * Math.max(1, Math.abs(one)));
        expect(Number.isFinite(one)).toBe(true);
      }),
    );
  });

  it("rarely rejects a true null, although it is looked at after every trial", () => {
    const random = new SeededRandom(2);
    let rejected = 0;
    for (let run = 0; run < 400; run++) {
      let successes = 0;
      for (let n = 1; n <= 150; n++) {
        successes += Number(coin(random, 0.1));
        if (logBernoulliEValue(successes, n, { p0: 0.1, alternative: "greater" }) < Math.log(20)) continue;
        rejected += 1;
        break;
      }
    }
    expect(rejected / 400).toBeLessThanOrEqual(0.05);
  });

  it("is 0 without trials and refuses what is out of range", () => {
    expect(logBernoulliEValue(0, 0, { p0: 0.3, alternative: "less" })).toBe(0);
    expect(() => logBernoulliEValue(2, 1, { p0: 0.5 })).toThrow(StatisticsError);
    expect(() => logBernoulliEValue(0, 1.5, { p0: 0.5 })).toThrow(StatisticsError);
    for (const p0 of [0, 1, -0.1, Number.NaN]) {
      expect(() => logBernoulliEValue(1, 2, { p0 })).toThrow(StatisticsError);
    }
    expect(() => logBernoulliEValue(1, 2, { p0: 0.5, prior: [0, 1] })).toThrow(StatisticsError);
    expect(() => logBernoulliEValue(1, 2, { p0: 0.5, alternative: "up" as "less" })).toThrow(StatisticsError);
  });
});

describe("Bernoulli confidence sequence", () => {
  it("holds the rates whose e-value is below 1/alpha, and is wider than Wilson's interval", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (s, f) => {
        const n = s + f;
        const { lower, upper } = bernoulliConfidenceSequence(s, n);
        for (const p0 of [lower!, upper!]) {
          if (p0 > 0 && p0 < 1) expect(logBernoulliEValue(s, n, { p0 })).toBeCloseTo(Math.log(20), 6);
        }
        if (n < 20) return;
        expect(lower).toBeLessThanOrEqual(wilson(s, n).lower!);
        expect(upper).toBeGreaterThanOrEqual(wilson(s, n).upper!);
      }),
    );
  });

  it("mirrors and is exact at the ends", () => {
    const one = bernoulliConfidenceSequence(3, 40, { prior: [2, 5] });
    const other = bernoulliConfidenceSequence(37, 40, { prior: [5, 2] });
    expect(other.lower).toBeCloseTo(1 - one.upper!, 14);
    expect(bernoulliConfidenceSequence(0, 9).lower).toBe(0);
    expect(bernoulliConfidenceSequence(9, 9).upper).toBe(1);
    expect(bernoulliConfidenceSequence(0, 0)).toEqual({ estimate: null, lower: 0, upper: 1 });
    const large = bernoulliConfidenceSequence(500_000, 10_000_000);
    expect(large.upper! - large.lower!).toBeLessThan(7e-4);
    expect(() => bernoulliConfidenceSequence(1, 2, { alpha: 0 })).toThrow(StatisticsError);
    expect(() => bernoulliConfidenceSequence(3, 2)).toThrow(StatisticsError);
  });

  it("holds the true rate at all times at once at least 95 times of 100", () => {
    const random = new SeededRandom(3);
    let left = 0;
    for (let run = 0; run < 300; run++) {
      let successes = 0;
      for (let n = 1; n <= 120; n++) {
        successes += Number(coin(random, 0.7));
        const { lower, upper } =
          n % 4 === 0 ? bernoulliConfidenceSequence(successes, n) : { lower: 0, upper: 1 };
        if (lower! <= 0.7 && 0.7 <= upper!) continue;
        left += 1;
        break;
      }
    }
    expect(left / 300).toBeLessThanOrEqual(0.05);
  });
});

describe("canary failure e-process", () => {
  const draw = (random: SeededRandom, share: number, ratio: number): ArmFailure => {
    const q = (share * ratio) / (share * ratio + 1 - share);
    return { arm: coin(random, q) ? "canary" : "baseline", share };
  };

  it("rarely rejects a good canary, although it is looked at after every failure and the share steps up", () => {
    const random = new SeededRandom(4);
    let rejected = 0;
    for (let run = 0; run < 1000; run++) {
      const shares = [0.01, 0.05, 0.25, 0.5];
      const failures = shares.flatMap((share) => Array.from({ length: 60 }, () => draw(random, share, 1)));
      if (canaryFailureEProcess(failures).rejectedAt !== null) rejected += 1;
    }
    expect(rejected / 1000).toBeLessThanOrEqual(0.05);
  });

  it("finds a canary that fails four times as often", () => {
    const random = new SeededRandom(5);
    for (let run = 0; run < 20; run++) {
      const failures = Array.from({ length: 200 }, () => draw(random, 0.25, 4));
      expect(canaryFailureEProcess(failures).rejectedAt).not.toBeNull();
    }
  });

  it("is exactly fair: the mean over both arms of one failure is 1", () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(share, fc.double({ min: 0.1, max: 50, noNaN: true }), (s, ratio) => {
        const evidence = (arm: ArmFailure["arm"]) =>
          canaryFailureEProcess([{ arm, share: s }], { riskRatios: [ratio] }).final;
        expect(s * evidence("canary") + (1 - s) * evidence("baseline")).toBeCloseTo(1, 10);
      }),
    );
  });

  it("is 1 without failures, remembers its maximum, and stays finite", () => {
    expect(canaryFailureEProcess([])).toEqual({ final: 1, maximum: 1, logFinal: 0, rejectedAt: null });
    const bad = Array.from({ length: 5000 }, (): ArmFailure => ({ arm: "canary", share: 0.1 }));
    const result = canaryFailureEProcess([...bad, { arm: "baseline", share: 0.1 }]);
    expect(result.final).toBe(Number.MAX_VALUE);
    expect(result.logFinal).toBeGreaterThan(1000);
    expect(result.rejectedAt).toBe(3);
  });

  it("refuses shares at the ends, other arms and odd risk ratios", () => {
    for (const share of [0, 1, -1, 2, Number.NaN]) {
      expect(() => canaryFailureEProcess([{ arm: "canary", share }])).toThrow(StatisticsError);
    }
    const other = [{ arm: "control" as "baseline", share: 0.5 }];
    expect(() => canaryFailureEProcess(other)).toThrow(StatisticsError);
    expect(() => canaryFailureEProcess([], { riskRatios: [] })).toThrow(StatisticsError);
    expect(() => canaryFailureEProcess([], { riskRatios: [2, 0] })).toThrow(StatisticsError);
    expect(() => canaryFailureEProcess([], { alpha: 1 })).toThrow(StatisticsError);
  });
});

describe("mSPRT of a normal mean", () => {
  it("never rises, and is the same for a mean and data that are both shifted", () => {
    const values = fc.array(fc.integer({ min: -400, max: 400 }), { maxLength: 50 });
    fc.assert(
      fc.property(values, (hundredths) => {
        const data = hundredths.map((value) => value / 100);
        const p = msprtNormal(data, { variance: 1, mixingVariance: 0.2 });
        const shifted = msprtNormal(
          data.map((value) => value + 8),
          { variance: 1, mixingVariance: 0.2, mean: 8 },
        );
        for (const [index, value] of p.entries()) {
          expect(value).toBeLessThanOrEqual(p[index - 1] ?? 1);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(Math.abs(shifted[index]! - value)).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it("rarely falls to 5 % under the null at any time", () => {
    const random = new SeededRandom(6);
    let rejected = 0;
    for (let run = 0; run < 400; run++) {
      const values = Array.from({ length: 300 }, () =>
        normalQuantile((random.nextBelow(999_999) + 1) / 1_000_001),
      );
      const p = msprtNormal(values, { variance: 1, mixingVariance: 0.1 });
      if ((p.at(-1) ?? 1) <= 0.05) rejected += 1;
    }
    expect(rejected / 400).toBeLessThanOrEqual(0.05);
  });

  it("is empty for no values and refuses variances that are not positive", () => {
    expect(msprtNormal([], { variance: 1, mixingVariance: 1 })).toEqual([]);
    expect(() => msprtNormal([1], { variance: 0, mixingVariance: 1 })).toThrow(StatisticsError);
    expect(() => msprtNormal([1], { variance: 1, mixingVariance: -1 })).toThrow(StatisticsError);
    expect(() => msprtNormal([Number.NaN], { variance: 1, mixingVariance: 1 })).toThrow(StatisticsError);
  });
});
