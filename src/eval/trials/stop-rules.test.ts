import { describe, expect, it } from "vitest";
import type { TrialRow } from "../../metrics/metric.js";
import { type StopOptions, StopRules } from "./stop-rules.js";

function row(success: number | null, status: TrialRow["status"] = "completed"): TrialRow {
  const score = success === null ? { value: null, reason: "none" } : { value: success };
  return {
    caseId: "a",
    group: "a",
    trial: 0,
    status,
    errorCode: null,
    durationMs: 1,
    untimed: null,
    costUsd: null,
    scores: { "task.success": score },
  };
}

function rulesAfter(options: Partial<StopOptions>, notes: readonly [TrialRow, number | null][]) {
  const rules = new StopRules({ budgetUsd: null, failFast: false, ...options });
  for (const [one, spent] of notes) rules.note(one, spent);
  return rules;
}

describe("StopRules", () => {
  it("stops nothing that was not asked for", () => {
    expect(
      rulesAfter({}, [
        [row(0), 5],
        [row(null, "error"), null],
      ]).reached(),
    ).toBeNull();
  });

  it("stops once the budget is spent, not before", () => {
    expect(rulesAfter({ budgetUsd: 1 }, [[row(1), 0.5]]).reached()).toBeNull();
    expect(
      rulesAfter({ budgetUsd: 1 }, [
        [row(1), 0.5],
        [row(1), 0.5],
      ]).reached(),
    ).toBe("budget_exhausted");
  });

  it("stops when it cannot know what was spent, and says so", () => {
    const rules = rulesAfter({ budgetUsd: 1 }, [[row(1), null]]);
    expect(rules.reached()).toBe("budget_exhausted");
    expect(rules.notes()[0]).toContain("set `price`");
    expect(rulesAfter({}, [[row(1), null]]).notes()).toEqual([]);
  });

  it("stops at the first failure or error", () => {
    expect(
      rulesAfter({ failFast: true }, [
        [row(1), 0],
        [row(null), 0],
      ]).reached(),
    ).toBeNull();
    expect(rulesAfter({ failFast: true }, [[row(0), 0]]).reached()).toBe("failed_fast");
    expect(rulesAfter({ failFast: true }, [[row(null, "error"), 0]]).reached()).toBe("failed_fast");
  });
});
