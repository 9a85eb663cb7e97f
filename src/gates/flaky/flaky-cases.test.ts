import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TrialRow } from "../../metrics/metric.js";
import { SeededRandom } from "../../stats/random.js";
import { type CaseOutcomes, type Outcome, rowsOf } from "../testing/run-samples.js";
import { bothAtLeast } from "./beta-binomial.js";
import { flakyCases } from "./flaky-cases.js";

/** Trials of a case of which so many fail. */
function trialsOf(failed: number, of: number): Outcome[] {
  return Array.from({ length: of }, (_, index) => (index < failed ? 0 : 1));
}

function runOf(failed: readonly number[], of: number): TrialRow[] {
  return rowsOf(
    failed.map((count, index): CaseOutcomes => ({ id: `c${index}`, trials: trialsOf(count, of) })),
  );
}

/** As many calm cases as wanted, of which the first fails so many trials. */
function withFirst(failed: number, cases: number): number[] {
  return [failed, ...Array<number>(cases - 1).fill(0)];
}

const calm = Array.from({ length: 10 }, () => runOf(Array<number>(45).fill(0), 3));

describe("bothAtLeast", () => {
  // scipy 1.10.1: sums of scipy.stats.betabinom.pmf
  it.each([
    [1, 2, 0.5, 0.5, 0.25],
    [2, 5, 0.011, 4.99, 0.001977362890350823],
    [4, 10, 1.02, 39, 0.001027514772741797],
    [0, 3, 1, 1, 1],
    [3, 6, 2.5, 2.5, 0.20507812499999986],
    [1, 3, 0.0088, 3.99, 0.005269645229009211],
  ])("k %d of n %d, Beta(%d, %d)", (k, n, a, b, expected) => {
    expect(bothAtLeast(k, n, a, b)).toBeCloseTo(expected, 13);
    expect(bothAtLeast(k, n, b, a)).toBeCloseTo(expected, 13);
  });

  it("is a probability that falls as k grows", () => {
    const shape = fc.double({ min: 1e-4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), shape, shape, (n, a, b) => {
        const tails = Array.from({ length: Math.floor(n / 2) + 2 }, (_, k) => bothAtLeast(k, n, a, b));
        for (const [index, tail] of tails.entries()) {
          expect(tail).toBeGreaterThanOrEqual(0);
          expect(tail).toBeLessThanOrEqual(index === 0 ? 1 : (tails[index - 1] ?? 1));
        }
      }),
    );
  });
});

describe("flakyCases", () => {
  // p of the whole computation, written anew in Python with scipy 1.10.1 (betabinom, betaln).
  it("lists a case that disagrees in a suite that never did", () => {
    const { flaky, tested } = flakyCases(runOf(withFirst(1, 45), 3), calm, 0.01);
    expect(tested).toBe(45);
    expect(flaky).toEqual([
      { caseId: "c0", passed: 2, trials: 3, historyRate: 0, p: expect.closeTo(0.0011090568459053783, 12) },
    ]);
    const [worse] = flakyCases(runOf(withFirst(3, 45), 5), calm, 0.01).flaky;
    expect(worse?.p).toBeCloseTo(4.0909427358260034e-6, 15);
  });

  it("does not list what a case has always done, and does list the calm one beside it", () => {
    // Pairs of c40 to c44 disagree at a rate of 0.4: in 6 of 10 runs, 2 of 3 pairs.
    const noisyBefore = Array.from({ length: 10 }, (_, run) =>
      runOf([...Array<number>(40).fill(0), ...Array<number>(5).fill(run < 6 ? 1 : 0)], 3),
    );
    const now = runOf([1, ...Array<number>(39).fill(0), ...Array<number>(5).fill(1)], 3);
    const { flaky } = flakyCases(now, noisyBefore, 0.01);
    expect(flaky).toEqual([
      expect.objectContaining({ caseId: "c0", p: expect.closeTo(0.005763634131222709, 12) }),
    ]);
    const all = flakyCases(now, noisyBefore, 0.999).flaky;
    expect(all.find(({ caseId }) => caseId === "c44")).toMatchObject({
      historyRate: 0.4,
      p: expect.closeTo(0.5607011456400852, 12),
    });
  });

  it("accuses nobody on a short history", () => {
    const { flaky, tested } = flakyCases(runOf([1, 0], 3), [runOf([0, 0], 3)], 0.1);
    expect([flaky, tested]).toEqual([[], 2]);
    const [first] = flakyCases(runOf([1, 0], 3), [runOf([0, 0], 3)], 0.2).flaky;
    expect(first?.p).toBeCloseTo(0.1741071428571429, 12);
  });

  it("holds a case alone against its own history", () => {
    const before = Array.from({ length: 8 }, () => runOf([0], 3));
    const [first] = flakyCases(runOf([3], 8), before, 0.01).flaky;
    expect(first?.p).toBeCloseTo(0.0037702892353479334, 13);
  });

  it("tests no case without repeated trials now and before", () => {
    expect(flakyCases(runOf([1, 0], 2), [], 0.5)).toEqual({ flaky: [], tested: 0 });
    expect(flakyCases(runOf([1, 0], 1), calm, 0.5)).toEqual({ flaky: [], tested: 0 });
    expect(flakyCases(runOf([1, 0], 2), [runOf([0, 0], 1)], 0.5).tested).toBe(0);
    const broken = rowsOf([{ id: "c0", trials: [1, "error", "unscored"] }]);
    expect(flakyCases(broken, calm, 0.5).tested).toBe(0);
  });

  it("takes a case that another version failed for good for no disagreement", () => {
    const turned = Array.from({ length: 10 }, (_, run) => runOf(Array<number>(45).fill(run < 5 ? 3 : 0), 3));
    expect(flakyCases(runOf(withFirst(1, 45), 3), turned, 0.01)).toEqual(
      flakyCases(runOf(withFirst(1, 45), 3), calm, 0.01),
    );
  });

  it("does not depend on whether trials pass or fail, nor on the order of rows", () => {
    const now = runOf(withFirst(1, 45), 3);
    const expected = flakyCases(now, calm, 0.01);
    expect(flakyCases([...now].reverse(), calm, 0.01)).toEqual(expected);
    const turned = flakyCases(
      runOf([2, ...Array<number>(44).fill(3)], 3),
      calm.map(() => runOf(Array<number>(45).fill(3), 3)),
      0.01,
    );
    expect(turned.flaky[0]?.p).toBe(expected.flaky[0]?.p);
  });
});

describe("over many runs", () => {
  const RUNS = 60;

  /** Share of tested cases that are listed when nothing changed. */
  function listedByChance(rateOf: (index: number) => number, trials: number): number {
    const random = new SeededRandom(20261121);
    const run = () => {
      const failed = Array.from({ length: 45 }, (_, index) => {
        let count = 0;
        for (let trial = 0; trial < trials; trial += 1) if (uniform(random) < rateOf(index)) count += 1;
        return count;
      });
      return runOf(failed, trials);
    };
    let listed = 0;
    for (let repeat = 0; repeat < RUNS; repeat += 1) {
      listed += flakyCases(run(), Array.from({ length: 10 }, run), 0.01).flaky.length;
    }
    return listed / (RUNS * 45);
  }

  it.each<[string, (index: number) => number, number]>([
    ["calm", () => 0.002, 3],
    ["all a little noisy", () => 0.1, 3],
    ["all coins", () => 0.5, 5],
    ["a few noisy ones", (index) => (index < 5 ? 0.3 : 0.001), 3],
    ["every rate", (index) => index / 90, 5],
  ])("lists at most about alpha of the cases of a suite that is %s", (_what, rateOf, trials) => {
    expect(listedByChance(rateOf, trials)).toBeLessThan(0.013);
  });
});

function uniform(random: SeededRandom): number {
  return random.nextUint32() / 2 ** 32;
}
