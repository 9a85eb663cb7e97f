import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateAll } from "../../metrics/estimate.js";
import { storedMetricSet } from "../../metrics/metric-set.js";
import { type CaseOutcomes, evidenceOf, judgeRule } from "../testing/run-samples.js";

/** Twenty cases of which so many pass. */
function runOf(passed: number, of = 20, from = 0): CaseOutcomes[] {
  return Array.from({ length: of }, (_, index) => ({
    id: `c${from + index}`,
    trials: [index < passed ? 1 : 0] as const,
  }));
}

/** @param passed - oldest first, this run last */
function judge(rule: object, passed: readonly number[]) {
  const [own, ...earlier] = [...passed].reverse().map((one) => runOf(one));
  return judgeRule({ metric: "task.success", ...rule }, evidenceOf(own ?? [], earlier));
}

const NOT_FALLING = { trend: "not-falling", runs: 4 };

describe("a trend", () => {
  it.each<[string, number[], string]>([
    ["not-falling", [20, 19, 18, 17], "fail"],
    ["not-falling", [10, 20, 19, 18, 17], "fail"],
    ["not-falling", [18, 20, 19, 17], "pass"],
    ["not-falling", [20, 19, 19, 17], "pass"],
    ["not-falling", [20, 19, 18, 18], "pass"],
    ["not-falling", [17, 18, 19, 20], "pass"],
    ["not-falling", [20, 19, 18], "inconclusive"],
    ["not-falling", [20, 19], "inconclusive"],
    ["not-falling", [20], "inconclusive"],
    ["not-falling", [18, 19], "pass"],
    ["not-falling", [19, 19], "pass"],
    ["not-falling", [18, 19, 18], "pass"],
    ["not-rising", [17, 18, 19, 20], "fail"],
    ["not-rising", [20, 19, 18, 17], "pass"],
    ["not-worsening", [20, 19, 18, 17], "fail"],
    ["not-worsening", [17, 18, 19, 20], "pass"],
  ])("%s over %j: %s", (trend, passed, verdict) => {
    expect(judge({ trend, runs: 4 }, passed).verdict).toBe(verdict);
  });

  it("says how often chance alone does that, and whether the fall is within the noise of a run", () => {
    // Wilson at 95 % by statsmodels 0.13.5: 17 of 20 [0.639581, 0.947631], 18 of 20 [0.698966, 0.972134]
    expect(judge(NOT_FALLING, [20, 19, 18, 17])).toMatchObject({
      metric: "task.success",
      required: "not falling 4 runs in a row",
      reason:
        "It fell from each run to the next, 4 runs in a row. task.success over 4 runs, oldest first: 1, 0.95, 0.9, 0.85. " +
        "Chance alone puts 4 runs in this order 1 time in 24 (p = 0.042). " +
        "The 95 % interval of this run, [0.6396, 0.9476], does not hold the first value, 1.",
      estimate: { value: 0.85, n: 20 },
    });
    expect(judge({ trend: "not-falling", runs: 2 }, [19, 18]).reason).toContain(
      "1 time in 2 (p = 0.50). The 95 % interval of this run, [0.699, 0.9721], holds the first value, 0.95.",
    );
  });

  it("says what would settle a history that is too short", () => {
    expect(judge(NOT_FALLING, [20])).toMatchObject({
      reason: "Of the 4 runs wanted there is 1: there is no earlier run to compare with.",
      toSettle: "3 more complete runs of the suite, or the next that does not go this way",
    });
    expect(judge(NOT_FALLING, [20, 19, 18])).toMatchObject({
      reason:
        "Of the 4 runs wanted there are 3: it fell from each to the next. task.success over 3 runs, oldest first: 1, 0.95, 0.9.",
      toSettle: "1 more complete run of the suite, or the next that does not go this way",
    });
  });

  it("fails exactly the strictly falling ones of all orders: 1 in n!", () => {
    const values = [17, 18, 19, 20];
    const orders = permutations(values);
    expect(orders).toHaveLength(24);
    expect(orders.filter((order) => judge(NOT_FALLING, order).verdict === "fail")).toEqual([
      [20, 19, 18, 17],
    ]);
  });

  it("agrees with the definition, and no earlier run changes a verdict that is settled", () => {
    const passed = fc.array(fc.integer({ min: 15, max: 20 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        passed,
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 15, max: 20 }),
        (runs, n, older) => {
          const rule = { trend: "not-falling", runs: n };
          const { verdict } = judge(rule, runs);
          const last = runs.slice(-n);
          const falls = last.slice(1).every((value, index) => value < (last[index] ?? 0));
          expect(verdict).toBe(falls ? (last.length === n ? "fail" : "inconclusive") : "pass");
          if (verdict !== "inconclusive") expect(judge(rule, [older, ...runs]).verdict).toBe(verdict);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the runs of a trend", () => {
  const rule = { metric: "task.success", ...NOT_FALLING };

  it("passes over quick runs over a few of the cases", () => {
    const quick = runOf(3, 3);
    const earlier = [quick, runOf(18), quick, quick, quick, quick, runOf(19), quick, runOf(20), runOf(10)];
    expect(judgeRule(rule, evidenceOf(runOf(17), earlier))).toMatchObject({ verdict: "fail" });
  });

  it("compares on the cases that all have, and says so", () => {
    // c10 to c19 are in all runs; of those pass 10, 9, 8 and 7.
    const own = [...runOf(0, 10), ...runOf(7, 10, 10)];
    const earlier = [8, 9, 10].map((passed) => runOf(passed, 10, 10));
    const result = judgeRule(rule, evidenceOf(own, earlier));
    expect(result.verdict).toBe("fail");
    expect(result.reason).toContain("1, 0.9, 0.8, 0.7, on the 10 of 20 cases that all of them have.");
    expect(result.reason).not.toContain("interval of this run");
    expect(result.estimate?.value).toBe(0.35);
  });

  it("says when the golden set changed", () => {
    const evidence = evidenceOf(runOf(17), [runOf(18)]);
    const history = (limit: number) =>
      evidence.history(limit).map((one) => ({ ...one, run: { ...one.run, datasetHash: "other" } }));
    expect(judgeRule(rule, { ...evidence, history }).reason).toContain("the golden set changed in between");
  });

  it("judges no metric of a judge that is not calibrated", () => {
    const judged = (passed: number) =>
      runOf(passed).map((one, index) => ({
        ...one,
        row: { scores: { "judge.tone": { value: index < passed ? 1 : 0 } } },
      }));
    const tone = {
      name: "judge.tone",
      layer: "generation",
      unit: "proportion",
      direction: "higher",
      aggregate: "proportion",
      description: "Tone.",
    } as const;
    const evidence = evidenceOf(judged(17), [judged(18), judged(19), judged(20)]);
    const set = storedMetricSet(["task.success", tone.name], [tone]);
    const own = { ...evidence.own, set };
    const estimates = estimateAll(own.rows, set);
    const result = judgeRule({ ...rule, metric: "judge.tone" }, { ...evidence, own, estimates });
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("The judge is not calibrated");
  });

  it("passes over runs without the metric, and judges nothing that this run lacks", () => {
    const bare = runOf(20).map((one) => ({ ...one, trials: ["unscored"] as const }));
    expect(judgeRule(rule, evidenceOf(runOf(17), [runOf(18), bare, runOf(19), runOf(20)])).verdict).toBe(
      "fail",
    );
    expect(judgeRule(rule, evidenceOf(bare, [runOf(18)])).verdict).toBe("inconclusive");
    expect(judgeRule({ ...rule, metric: "faithfulness" }, evidenceOf(runOf(17), [runOf(18)]))).toMatchObject({
      verdict: "inconclusive",
      reason: "faithfulness was not measured in this run.",
    });
  });
});

function permutations(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value) =>
    permutations(values.filter((other) => other !== value)).map((rest) => [value, ...rest]),
  );
}
