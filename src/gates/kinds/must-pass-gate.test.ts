import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CaseOutcomes, evidenceOf, judgeRule, type Outcome } from "../testing/run-samples.js";

function judge(rule: object, cases: readonly CaseOutcomes[]) {
  return judgeRule(rule, evidenceOf(cases));
}

function verdictOf(trials: readonly Outcome[], wanted: string): string {
  return judge({ must_pass: ["a"], trials: wanted }, [{ id: "a", trials }]).verdict;
}

describe("a case that must pass", () => {
  it.each<[string, Outcome[], string]>([
    ["all", [1, 1, 1], "pass"],
    ["all", [1, 0, 1], "fail"],
    ["all", [1, 0, "error"], "fail"],
    ["all", [1, "error", 1], "inconclusive"],
    ["all", [1, "not run"], "inconclusive"],
    ["all", ["unscored"], "inconclusive"],
    ["any", [0, 0, 1], "pass"],
    ["any", [0, 1, "error"], "pass"],
    ["any", [0, 0, 0], "fail"],
    ["any", [0, 0, "error"], "inconclusive"],
    ["majority", [1, 1, 0], "pass"],
    ["majority", [1, 1, "error"], "pass"],
    ["majority", [1, 0], "fail"],
    ["majority", [1, 0, "error"], "inconclusive"],
    ["majority", [0, 0, "error"], "fail"],
    ["majority", [1, 1, 0, 0], "fail"],
  ])("%s of %j: %s", (wanted, trials, verdict) => {
    expect(verdictOf(trials, wanted)).toBe(verdict);
  });

  it("decides only what no outcome of the missing trials could change", () => {
    const outcome = fc.constantFrom<Outcome>(1, 0, "error", "unscored", "not run");
    const wanted = fc.constantFrom("all", "any", "majority");
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 7 }), wanted, (trials, rule) => {
        const filled = (value: 0 | 1) =>
          verdictOf(
            trials.map((one) => (typeof one === "number" ? one : value)),
            rule,
          );
        const [worst, best] = [filled(0), filled(1)];
        expect(verdictOf(trials, rule)).toBe(worst === best ? worst : "inconclusive");
      }),
      { numRuns: 60 },
    );
  });
});

describe("must_pass", () => {
  const cases: CaseOutcomes[] = [
    { id: "a", tags: ["regression"], trials: [1] },
    { id: "b", tags: ["regression"], trials: [0] },
    { id: "c", tags: ["regression"], trials: ["error"] },
    { id: "refund-01", trials: [0] },
  ];

  it("names the cases that failed, then those of which nobody knows", () => {
    const result = judge({ must_pass: "tag = regression" }, cases);
    expect(result).toMatchObject({
      verdict: "fail",
      required: "every case where tag = regression passes in all trials",
      reason:
        "1 of 3 cases did not pass: `b` failed in 1 of 1 trials. 1 of 3 cases could not be judged: `c` has no outcome of 1 of 1 trials: error PROVIDER_HTTP.",
      estimate: { value: 0.5, n: 2, unscored: { undecided: 1 } },
      toSettle: null,
      cases: [
        { caseId: "b", note: "failed in 1 of 1 trials" },
        { caseId: "c", note: "has no outcome of 1 of 1 trials: error PROVIDER_HTTP" },
      ],
    });
  });

  it("does not pass a case that the run does not have", () => {
    const result = judge({ must_pass: ["a", "refund-07"] }, cases);
    expect(result).toMatchObject({ verdict: "inconclusive", toSettle: "an outcome of 1 more case" });
    expect(result.reason).toBe(
      "1 of 2 cases could not be judged: `refund-07` is not in this run, which has `refund-01`.",
    );
  });

  it("does not pass when no case is meant", () => {
    const result = judge({ must_pass: "tag = regresion" }, cases);
    expect(result).toMatchObject({
      verdict: "inconclusive",
      reason: "No case of this run matches tag = regresion.",
      estimate: null,
    });
  });

  it("says why when success was not measured at all", () => {
    const evidence = evidenceOf([{ id: "a", trials: [1] }]);
    const rows = evidence.own.rows.map((row) => ({ ...row, scores: {} }));
    const result = judgeRule({ must_pass: ["a"] }, { ...evidence, own: { ...evidence.own, rows } });
    expect(result.verdict).toBe("inconclusive");
    expect(result.reason).toContain("task.success was not measured");
  });

  it("passes and says of how many", () => {
    const all = Array.from({ length: 60 }, (_, index) => ({ id: `c${index}`, trials: [1] as const }));
    expect(judge({ must_pass: all.map(({ id }) => id) }, all)).toMatchObject({
      verdict: "pass",
      reason: "All 60 cases passed in all trials.",
      estimate: { value: 1, n: 60 },
    });
    const none = all.map((one) => ({ ...one, trials: [0] as const }));
    const failed = judge({ must_pass: "split = dev" }, none);
    expect(failed.cases).toHaveLength(50);
    expect(failed.reason).toMatch(/^60 of 60 cases did not pass: `c0`, .* and 55 more\.$/);
  });

  it("does not guess of cases that the store forgot", () => {
    const evidence = evidenceOf([{ id: "a", trials: [1] }]);
    const own = { ...evidence.own, cases: new Map() };
    expect(judgeRule({ must_pass: "split = dev" }, { ...evidence, own })).toMatchObject({
      verdict: "inconclusive",
      reason: "The store no longer has 1 of the 1 cases of this run.",
    });
  });
});
