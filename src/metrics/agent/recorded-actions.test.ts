import { describe, expect, it } from "vitest";
import { estimateMetric } from "../estimate.js";
import { BROKEN, rowWith } from "../testing/trial-builder.js";
import { actionsMatched } from "./recorded-actions.js";

const actions = (caseId: string, matched: number, gold: number) =>
  rowWith({ "tau2.matched_actions": matched, "tau2.gold_actions": gold }, { caseId });

describe("tau2.actions_matched", () => {
  it("is a ratio of sums: tasks with many actions weigh more", () => {
    const estimate = estimateMetric(actionsMatched, [actions("a", 1, 1), actions("b", 0, 3)]);
    expect(estimate).toMatchObject({ value: 0.25, n: 2 });
  });

  it("claims no certainty where every action was found", () => {
    const rows = ["a", "b", "c", "d"].map((id) => actions(id, 9, 9));
    const estimate = estimateMetric(actionsMatched, rows);
    expect(estimate).toMatchObject({ value: 1, upper: 1, method: "wilson-clusters" });
    expect(estimate.lower).toBeLessThan(0.6);
  });

  it("leaves out trials without checks and broken ones, and cuts the limits to 1", () => {
    const none = { value: null, reason: "the task has no gold actions" };
    const rows = [
      ...Array.from({ length: 9 }, (_, index) => actions(`c${index}`, index === 0 ? 9 : 10, 10)),
      rowWith({ "tau2.gold_actions": none, "tau2.matched_actions": none }, { caseId: "empty" }),
      rowWith(
        { "tau2.gold_actions": 4, "tau2.matched_actions": 0 },
        { caseId: "x", status: "error", errorCode: BROKEN.error?.code ?? null },
      ),
    ];
    const estimate = estimateMetric(actionsMatched, rows);
    expect(estimate).toMatchObject({ n: 9, upper: 1 });
    expect(estimate.value).toBeCloseTo(89 / 90, 12);
    expect(estimate.unscored).toMatchObject({ "the task has no gold actions": 1 });
  });

  it("has no value in a run of another kind", () => {
    expect(estimateMetric(actionsMatched, [rowWith({})]).value).toBeNull();
  });
});
