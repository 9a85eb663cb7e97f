import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storedMetricSet } from "../../metrics/metric-set.js";
import { nonInferiorityPaired } from "../../stats/non-inferiority-paired.js";
import { tango } from "../../stats/tango.js";
import {
  evidenceAgainst,
  judgeAgainst,
  judgePairs,
  outcomes,
  PASSED,
  pairsOf,
  QUALITY,
  runOf,
  type ScoredCase,
} from "../testing/baseline-samples.js";
import { sampleEvidence } from "../testing/gate-samples.js";

interface OracleCase {
  readonly name: string;
  readonly method: string;
  readonly baseline: readonly (readonly number[])[];
  readonly candidate: readonly (readonly number[])[];
  readonly groups?: readonly number[];
  readonly unpaired?: boolean;
  readonly isRelative?: boolean;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly margin: number;
  readonly p: number;
}

const oracle = JSON.parse(
  readFileSync(new URL("../../../test/oracles/gates-baseline.json", import.meta.url), "utf8"),
) as { readonly cases: readonly OracleCase[] };

const noWorse = (margin: number | string, more: object = {}) => ({
  metric: "passed",
  no_worse_than: "baseline",
  margin,
  ...more,
});
const cell = fc.integer({ min: 0, max: 40 });
const cells = fc.tuple(cell, cell, cell, cell).filter((counts) => counts.some((count) => count > 0));

describe("methods", () => {
  it.each(oracle.cases)("$name: the interval and p of SciPy and statsmodels", (one) => {
    const isOutcome = one.method === "farrington-manning" || one.method === "clustered-t";
    const casesOf = (values: OracleCase["baseline"], prefix: string): ScoredCase[] =>
      values.map((scores, index) => ({
        id: `${prefix}${index}`,
        scores,
        group: one.groups === undefined ? `${prefix}${index}` : `g${one.groups[index]}`,
      }));
    const facts = isOutcome ? PASSED : QUALITY;
    const before = runOf("r1", casesOf(one.baseline, "c"), facts);
    const after = runOf("r2", casesOf(one.candidate, one.unpaired === true ? "d" : "c"), facts);
    const margin = one.isRelative === true ? `${one.margin * 100}%` : one.margin;
    const rule = { ...noWorse(margin), metric: facts.name };
    const { difference } = judgeAgainst(rule, evidenceAgainst(after, before));
    expect(difference).toMatchObject({ method: one.method, level: 0.9, isRelative: one.isRelative === true });
    expect(difference?.value).toBeCloseTo(one.value, 9);
    expect(difference?.lower).toBeCloseTo(one.lower, 6);
    expect(difference?.upper).toBeCloseTo(one.upper, 6);
    expect(difference?.test?.p).toBeCloseTo(one.p, 7);
  });

  it("is Tango's test on pairs of outcomes", () => {
    fc.assert(
      fc.property(cells, fc.double({ min: 0.005, max: 0.3, noNaN: true }), (counts, margin) => {
        const [bothPass, baselineOnly, currentOnly, bothFail] = counts;
        const result = judgePairs(noWorse(margin), pairsOf(...counts));
        const wanted = nonInferiorityPaired(
          { bothPass, baselineOnly, currentOnly, bothFail },
          { margin, alpha: 0.05 },
        );
        expect(result.verdict).toBe(wanted.verdict);
        expect(result.difference).toMatchObject({
          lower: wanted.lower,
          upper: wanted.upper,
          method: "tango",
        });
        expect(result.difference?.test?.p).toBe(wanted.p);
      }),
      { numRuns: 50 },
    );
  });

  it("takes alpha of the rule before that of the file, one-sided", () => {
    const pairs = pairsOf(180, 5, 5, 10);
    expect(judgePairs(noWorse(0.05, { alpha: 0.01 }), pairs).difference?.level).toBeCloseTo(0.98, 12);
    const { before, after } = pairs;
    const evidence = evidenceAgainst(runOf("r2", after), runOf("r1", before));
    const result = judgeAgainst(noWorse(0.05), evidence, { defaults: { alpha: 0.1 } });
    expect(result.difference?.level).toBeCloseTo(0.8, 12);
    const useless = judgeAgainst(noWorse(0.05), evidence, { defaults: { alpha: 0.6 } });
    expect(useless).toMatchObject({ verdict: "inconclusive", reason: "alpha is 0.6; wants one below 0.5." });
  });
});

describe("verdicts", () => {
  it.each([
    [0.02, 132, "inconclusive"],
    [0.02, 133, "pass"],
    [0.05, 51, "inconclusive"],
    [0.05, 52, "pass"],
    ["2%", 132, "inconclusive"],
    ["2%", 133, "pass"],
  ])("perfect agreement within %s takes enough cases: %d are %s", (margin, n, verdict) => {
    const result = judgePairs(noWorse(margin), pairsOf(n, 0, 0, 0));
    expect(result.verdict).toBe(verdict);
    expect(result.toSettle).toBe(verdict === "pass" ? null : "about 1 more case");
  });

  it.each([20, 60, 131])("says how many more cases perfect agreement takes: from %d", (n) => {
    const { toSettle, reason } = judgePairs(noWorse(0.02), pairsOf(n, 0, 0, 0));
    expect(toSettle).toBe(`about ${133 - n} more cases`);
    expect(reason).toContain(`about ${133 - n} more cases in the same proportions would settle it`);
  });

  it("fails when a larger loss is shown, and names the cases that got worse", () => {
    const result = judgePairs(noWorse(0.05), pairsOf(60, 30, 2, 8));
    expect(result).toMatchObject({
      verdict: "fail",
      kind: "no-worse",
      required: "less than 5 points below main, with 95 % confidence",
      toSettle: null,
      baseline: { reference: "main", runId: "r1", estimate: { value: 0.9 } },
      estimate: { value: 0.62 },
      difference: { design: "paired", margin: 0.05, isRelative: false, n: 100 },
    });
    expect(result.cases).toHaveLength(30);
    expect(result.cases[0]).toEqual({ caseId: "c60", note: "100.0 % before, 0.0 % now" });
    expect(result.reason).toMatch(
      /^62\.0 % against 90\.0 %: −28\.0 points, 90 % −\d+\.\d to −\d+\.\d points \(tango, 100 pairs of cases\); the loss is more than 5 points\.$/,
    );
  });

  it("of a metric of which less is better, a rise is the loss", () => {
    const facts = { ...PASSED, direction: "lower" } as const;
    const { before, after } = pairsOf(10, 30, 2, 60);
    const judged = (own: ScoredCase[], base: ScoredCase[]) =>
      judgeAgainst(noWorse(0.05), evidenceAgainst(runOf("r2", own, facts), runOf("r1", base, facts)));
    expect(judged(after, before).verdict).toBe("pass");
    expect(judged(before, after)).toMatchObject({
      verdict: "fail",
      required: "less than 5 points above main, with 95 % confidence",
    });
  });

  it("shows nothing on the margin itself, and does not pass there", () => {
    const cases = (score: number) => [0, 1, 2, 3].map((id) => ({ id: `c${id}`, scores: [score] }));
    const result = judgeAgainst(
      { ...noWorse(0.02), metric: "quality" },
      evidenceAgainst(runOf("r2", cases(0.7), QUALITY), runOf("r1", cases(0.72), QUALITY)),
    );
    expect(result).toMatchObject({ verdict: "inconclusive", toSettle: null });
    expect(result.reason).toContain("how many more cases would settle it cannot be said");
  });

  it("does not take few groups that agree, or nearly do, for more than as many equal pairs", () => {
    const cases = (last: readonly number[]): ScoredCase[] =>
      Array.from({ length: 40 }, (_, index) => ({
        id: `c${index}`,
        scores: index === 0 ? last : [1, 1, 1, 1, 1],
      }));
    const judged = (last: readonly number[]) =>
      judgeAgainst(
        noWorse(0.05),
        evidenceAgainst(runOf("r2", cases(last)), runOf("r1", cases([1, 1, 1, 1, 1]))),
      );
    expect(judged([1, 1, 1, 1, 1])).toMatchObject({
      verdict: "inconclusive",
      difference: { method: "tango-clusters" },
      toSettle: "about 12 more cases",
    });
    expect(judged([1, 1, 1, 1, 0])).toMatchObject({
      verdict: "inconclusive",
      difference: { method: "paired-t, at least tango-clusters" },
    });
  });

  it("tells a loss from none where few groups changed, all of them for the worse", () => {
    const cases = (lost: number): ScoredCase[] =>
      Array.from({ length: 60 }, (_, index) => ({
        id: `c${index}`,
        scores: index < lost ? [0, 0] : [1, 1],
      }));
    const { lower, upper } = tango({ bothPass: 52, baselineOnly: 8, currentOnly: 0, bothFail: 0 }, 0.9);
    const result = judgeAgainst(noWorse(0.02), evidenceAgainst(runOf("r2", cases(8)), runOf("r1", cases(0))));
    expect(result.verdict).toBe("fail");
    expect(result.difference?.lower).toBeLessThanOrEqual(lower as number);
    expect(result.difference?.upper).toBeGreaterThanOrEqual(upper as number);
    expect(result.difference?.upper).toBeLessThan(-0.02);
  });
});

describe("what is not there never passes", () => {
  const { before, after } = pairsOf(200, 0, 0, 0);
  const rule = noWorse(0.05);

  it.each([
    ["no baseline", sampleEvidence([], undefined, { own: runOf("r2", after) }), "There is no baseline"],
    [
      "another metric in the baseline",
      evidenceAgainst(runOf("r2", after), runOf("r1", before, QUALITY)),
      "passed was not measured in the baseline main: score it there, too.",
    ],
    [
      "another metric in the run",
      evidenceAgainst(runOf("r2", after, QUALITY), runOf("r1", before)),
      "passed was not measured in this run.",
    ],
    [
      "no score of the baseline",
      evidenceAgainst(
        runOf("r2", after),
        runOf("r1", before, { ...QUALITY }, {}, storedMetricSet(["passed"], [PASSED])),
      ),
      "No difference: the baseline",
    ],
    [
      "scores by two versions of a judge",
      evidenceAgainst(
        runOf("r2", after, PASSED, { judges: [{ metric: "passed", version: "2" }] }),
        runOf("r1", before, PASSED, { judges: [{ metric: "passed", version: "1" }] }),
      ),
      "passed was given by another version of the judge in the baseline main",
    ],
  ])("%s", (_what, evidence, reason) => {
    const result = judgeAgainst(rule, evidence);
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain(reason);
    expect(result.toSettle).toBeNull();
  });

  it("nor does a judge without calibration", () => {
    const facts = { ...PASSED, name: "judge.passed" };
    const result = judgeAgainst(
      { ...rule, metric: "judge.passed" },
      evidenceAgainst(runOf("r2", after, facts), runOf("r1", before, facts)),
    );
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("The judge is not calibrated");
    expect(result.estimate?.value).toBe(1);
  });

  it("a share of nothing is no margin", () => {
    const zero = outcomes("0".repeat(300));
    const result = judgeAgainst(noWorse("10%"), evidenceAgainst(runOf("r2", zero), runOf("r1", zero)));
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("the baseline is 0, of which there is no share");
  });

  it("nor a single group of cases", () => {
    const one = outcomes("1".repeat(300)).map((each) => ({ ...each, group: "g" }));
    const result = judgeAgainst(rule, evidenceAgainst(runOf("r2", one), runOf("r1", one)));
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("one group of cases gives no interval");
  });
});

describe("properties", () => {
  it("more evidence in the same proportions keeps a pass a pass and a failure a failure", () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(0.02, 0.05, "5%", "20%"), (counts, margin) => {
        const few = judgePairs(noWorse(margin), pairsOf(...counts)).verdict;
        const many = judgePairs(
          noWorse(margin),
          pairsOf(...(counts.map((count) => 3 * count) as typeof counts)),
        ).verdict;
        if (few !== "inconclusive") expect(many).toBe(few);
      }),
      { numRuns: 60 },
    );
  });

  it("swapping the runs turns the signs round", () => {
    fc.assert(
      fc.property(cells, (counts) => {
        const { before, after } = pairsOf(...counts);
        const there = judgePairs(noWorse(0.05), { before, after }).difference;
        const back = judgePairs(noWorse(0.05), { before: after, after: before }).difference;
        expect(back?.value).toBeCloseTo(-(there?.value as number), 12);
        expect(back?.lower).toBeCloseTo(-(there?.upper as number), 9);
        expect(back?.upper).toBeCloseTo(-(there?.lower as number), 9);
      }),
      { numRuns: 60 },
    );
  });

  it("a wider margin never turns a pass into something else, nor makes a failure of what was none", () => {
    const order = ["fail", "inconclusive", "pass"];
    const margins = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(cells, margins, fc.boolean(), (counts, [one, other], isShare) => {
        const at = (points: number) =>
          order.indexOf(
            judgePairs(noWorse(isShare ? `${points}%` : points / 100), pairsOf(...counts)).verdict,
          );
        expect(at(Math.max(one, other))).toBeGreaterThanOrEqual(at(Math.min(one, other)));
      }),
      { numRuns: 60 },
    );
  });

  it("the forecast is right: so many cases settle it, and a few less do not", () => {
    fc.assert(
      fc.property(fc.tuple(cell, cell, cell, cell), (counts) => {
        const result = judgePairs(noWorse(0.05), pairsOf(...counts));
        const more = /about (\d+) more/.exec(result.toSettle ?? "")?.[1];
        const n = counts.reduce((sum, count) => sum + count, 0);
        fc.pre(more !== undefined && n > 0 && Number(more) < 2000);
        const factor = (n + Number(more)) / n;
        const scaled = (by: number) =>
          judgePairs(
            noWorse(0.05),
            pairsOf(...(counts.map((count) => Math.round(count * by)) as [number, number, number, number])),
          ).verdict;
        // Whole multiples keep the proportions exactly.
        const above = Math.ceil(factor);
        expect(scaled(above)).not.toBe("inconclusive");
        const below = Math.ceil(factor) - 1;
        if (below >= 1 && below < factor - 1 / n) expect(scaled(below)).toBe("inconclusive");
      }),
      { numRuns: 40 },
    );
  });
});
