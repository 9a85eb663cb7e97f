import { describe, expect, it } from "vitest";
import { gatesSchema } from "../../config/gates/gates-schema.js";
import { judgeGates } from "../judge-gates.js";
import { type CaseOutcomes, evidenceOf, type Outcome } from "../testing/run-samples.js";

const IDS = Array.from({ length: 45 }, (_, index) => `c${index}`);
const CALM = Array.from({ length: 10 }, () => suite({}));

/** 45 cases of three trials that pass, but for those given. */
function suite(others: { readonly [id: string]: readonly Outcome[] }): CaseOutcomes[] {
  return IDS.map((id) => ({ id, trials: others[id] ?? [1, 1, 1] }));
}

function judge(gates: readonly object[], others: Parameters<typeof suite>[0], earlier = CALM) {
  const rules = gatesSchema.parse({ version: 1, gates, flaky: {} });
  return judgeGates(rules, evidenceOf(suite(others), earlier));
}

const FLAKY = { c0: [1, 0, 1], c1: [0, 0, 1] } as const;

describe("flaky cases", () => {
  it("are listed apart, and count in every number and verdict", () => {
    const report = judge([{ metric: "task.success", min: 0.99 }], FLAKY);
    expect(report.verdict).toBe("fail");
    expect(report.results[0]?.estimate).toMatchObject({ value: 132 / 135, n: 135 });
    expect(report.flaky).toMatchObject([
      { caseId: "c0", passed: 2, trials: 3, historyRate: 0 },
      { caseId: "c1", passed: 1, trials: 3, historyRate: 0 },
    ]);
    expect(report.notes.at(-1)).toBe(
      "2 of 45 cases are flaky beyond what 10 earlier runs let expect (p < 0.01; chance alone lists up to 0.45): `c0`, `c1`. They count in every number; without them the verdict would be pass.",
    );
  });

  it("do not hide what fails beside them", () => {
    const report = judge([{ metric: "task.success", min: 0.99 }], { ...FLAKY, c9: [0, 0, 0] });
    expect(report.notes.at(-1)).toContain("without them the verdict would be fail.");
  });

  it.each([
    [{ must_pass: ["c0", "c9"] }],
    [{ must_pass: ["c0"] }],
    [{ must_pass: "id in (c0, c1)" }],
    [{ must_pass: "id in (c0, c9)" }],
    [{ all: [{ must_pass: ["c0"] }, { metric: "task.success", min: 0.5 }] }],
    [{ any: [{ must_pass: ["c0", "c9"] }, { metric: "task.success", min: 1.0, bound: "lower" }] }],
    [{ coverage: "scored", metric: "task.success", min: 1 }, { must_pass: ["c0"] }],
  ])("are not asked to pass where they are left out: %j", (...gates) => {
    const report = judge(gates, FLAKY);
    expect(report.verdict).toBe("fail");
    expect(report.notes.at(-1)).toContain("without them the verdict would be pass.");
  });

  it("leave the missing trials of others missing", () => {
    const others = { c0: [1, 0, 1], c9: [1, 1, "error"] } as const;
    const report = judge([{ metric: "task.success", min: 0.5 }], others);
    expect(report.verdict).toBe("inconclusive");
    expect(report.notes.at(-1)).toContain("without them the verdict would be inconclusive.");
    const broken = judge([{ metric: "task.success", min: 0.5 }], { c0: [1, 0, 1, "error"] });
    expect(broken.verdict).toBe("inconclusive");
    expect(broken.notes.at(-1)).toContain("without them the verdict would be pass.");
  });

  it("are not looked for unless the file asks", () => {
    const rules = gatesSchema.parse({ version: 1, gates: [{ metric: "task.success", min: 0.5 }] });
    const report = judgeGates(rules, evidenceOf(suite(FLAKY), CALM));
    expect([report.flaky, report.notes]).toEqual([[], []]);
  });

  it("cannot be told without a history, which is said", () => {
    const report = judge([{ metric: "task.success", min: 0.5 }], FLAKY, []);
    expect(report.flaky).toEqual([]);
    expect(report.notes.at(-1)).toBe(
      "Of no case it can be said whether it is flaky: that takes two judged trials of it in this run and in an earlier one (eval --trials).",
    );
  });

  it("are none where all is as it was", () => {
    expect(judge([{ metric: "task.success", min: 0.5 }], {}).notes.at(-1)).toBe(
      "None of 45 cases is flaky beyond what 10 earlier runs let expect (p < 0.01).",
    );
  });
});
