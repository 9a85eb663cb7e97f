import { describe, expect, it } from "vitest";
import { gateSchema } from "../../config/gates/gate-schema.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { type CaseOutcomes, evidenceOf, judgeRule, type Outcome } from "../testing/run-samples.js";

const APPROVED: GoldenCase["review"] = { status: "approved", by: "ana", at: "2026-11-02" };

function judge(rule: object, cases: readonly CaseOutcomes[]) {
  return judgeRule(rule, evidenceOf(cases));
}

describe("coverage of reviews", () => {
  const cases: CaseOutcomes[] = [
    { id: "a", risk: "high", trials: [1], review: APPROVED },
    { id: "b", risk: "high", trials: [1, 1], review: { status: "rejected", by: null, at: null } },
    { id: "c", risk: "high", trials: ["error"], review: { status: "pending", by: null, at: null } },
    { id: "d", risk: "low", trials: [1] },
  ];

  it("counts cases, not trials, and names those without a review", () => {
    const result = judge({ coverage: "reviewed", where: "risk = high", min: 1 }, cases);
    expect(result).toMatchObject({
      verdict: "fail",
      required: "share of cases reviewed where risk = high >= 1",
      reason: "1 of 3 cases have an approved review where risk = high, wanted a share of at least 1.",
      estimate: { value: 1 / 3, n: 3, lower: null, upper: null },
      cases: [
        { caseId: "b", note: "its review is rejected" },
        { caseId: "c", note: "its review is pending" },
      ],
    });
  });

  it("passes at the share exactly, rounding aside", () => {
    const ten = Array.from({ length: 10 }, (_, index): CaseOutcomes => {
      return { id: `c${index}`, trials: [1], review: index < 7 ? APPROVED : null };
    });
    expect(judge({ coverage: "reviewed", min: 0.7 }, ten).verdict).toBe("pass");
    expect(judge({ coverage: "reviewed", min: 0.71 }, ten).verdict).toBe("fail");
  });

  it("does not pass where no case matches", () => {
    expect(judge({ coverage: "reviewed", where: "risk = critical", min: 0 }, cases)).toMatchObject({
      verdict: "inconclusive",
      reason: "No case of this run matches where risk = critical.",
      estimate: { value: null },
    });
  });
});

describe("coverage by cases", () => {
  const cases: CaseOutcomes[] = [
    { id: "a", risk: "high", tags: ["x", "tenant:acme"], trials: [1] },
    { id: "b", risk: "high", tags: ["x", "y"], trials: ["not run"] },
    { id: "c", risk: "low", tags: ["y"], trials: [0, 0, 0] },
    { id: "d", trials: [1] },
  ];

  it.each([
    [{ min: 4 }, "pass", 4],
    [{ min: 5 }, "fail", 4],
    [{ min: 2, where: "risk = high" }, "pass", 2],
    [{ min: 1, where: "risk = critical" }, "fail", 0],
    [{ min: 1, where: "tenant = acme" }, "pass", 1],
  ])("%j: %s", (rule, verdict, value) => {
    expect(judge({ coverage: "cases", ...rule }, cases)).toMatchObject({ verdict, estimate: { value } });
  });

  it("wants the minimum in every slice, and says who is in none", () => {
    const result = judge({ coverage: "cases", by: "risk", min: 2 }, cases);
    expect(result).toMatchObject({
      verdict: "fail",
      required: ">= 2 cases, in every slice by risk",
      reason:
        "1 of 2 slices by risk miss it; risk = low: 1 case, wanted at least 2. 1 of 4 cases have no risk and are in no slice.",
      parts: [
        { name: "risk = low", verdict: "fail", estimate: { value: 1 } },
        { name: "risk = high", verdict: "pass", estimate: { value: 2 } },
      ],
    });
    expect(judge({ coverage: "cases", by: "tag", where: "tag in (x, y)", min: 1 }, cases).verdict).toBe(
      "pass",
    );
  });

  it("fails slices of nothing", () => {
    const rule = { coverage: "cases", by: "tag", where: "risk = critical", min: 1 };
    expect(judge(rule, cases).verdict).toBe("fail");
    expect(judge({ ...rule, where: "id = d" }, cases)).toMatchObject({
      verdict: "inconclusive",
      reason: "No case has a tag, so there is no slice to look at.",
    });
  });
});

describe("coverage of scores", () => {
  const rule = { coverage: "scored", metric: "task.success", min: 0.75 };

  it.each<[Outcome[], string]>([
    [[1, 0, 1, "unscored"], "pass"],
    [[1, 0, "unscored", "unscored"], "fail"],
    [[1, 0, "unscored", "error"], "inconclusive"],
    [[1, 0, "unscored", "not run"], "inconclusive"],
    [[1, "unscored", "unscored", "not run"], "fail"],
    [[1, 1, 1, "error"], "pass"],
    [["error", "error"], "inconclusive"],
  ])("%j: %s", (trials, verdict) => {
    expect(judge(rule, [{ id: "a", trials }]).verdict).toBe(verdict);
  });

  it("says which trials lack a score, and why", () => {
    const result = judge(rule, [
      { id: "a", trials: [1, 1] },
      { id: "b", trials: ["unscored", "error", "not run"] },
    ]);
    expect(result).toMatchObject({
      verdict: "inconclusive",
      reason:
        "2 of 5 planned trials have a score of task.success, wanted a share of at least 0.75; 2 trials without an outcome may still get one.",
      toSettle: "2 trials without an outcome",
      cases: [
        {
          caseId: "b",
          note: "3 of 3 trials without a score: nothing to check; 1 ended in an error; 1 not run",
        },
      ],
    });
  });

  it("takes a metric that the run does not have for no score", () => {
    const result = judge({ ...rule, metric: "judge.tone" }, [{ id: "a", trials: [1] }]);
    expect(result.verdict).toBe("fail");
    expect(result.cases[0]?.note).toContain("judge.tone was not measured");
  });
});

describe("the schema of coverage", () => {
  it.each([
    [{ coverage: "scored", min: 0.5 }],
    [{ coverage: "reviewed", metric: "task.success", min: 0.5 }],
    [{ coverage: "reviewed", min: 95 }],
    [{ coverage: "cases", min: 0 }],
    [{ coverage: "cases", min: 2.5 }],
  ])("refuses %j", (rule) => {
    expect(gateSchema.safeParse(rule).success).toBe(false);
  });
});
