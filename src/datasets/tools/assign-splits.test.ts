import { describe, expect, it } from "vitest";
import type { GoldenCase } from "../../core/golden-case.js";
import { parseDatasetLines } from "../dataset-builder.js";
import { assignSplits, type SplitPlan } from "./assign-splits.js";
import { splitReport } from "./split-report.js";

function casesOf(count: number, perGroup: number, split = "dev"): readonly GoldenCase[] {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ id: `c${index}`, input: "x", group: `g${Math.floor(index / perGroup)}`, split }),
  );
  return parseDatasetLines(lines, "golden.jsonl").cases;
}

const PLAN: SplitPlan = { holdout: 0.2, test: null, by: "group", seed: 1 };

describe("assignSplits", () => {
  it("is the same on every machine", () => {
    const splits = assignSplits(casesOf(12, 1), { ...PLAN, test: 0.3 });
    expect(splits.map((split) => split[0]).join("")).toMatchInlineSnapshot(`"dtdhddddtddt"`);
  });

  it("takes shares that hold on average", () => {
    const splits = assignSplits(casesOf(20_000, 1), { ...PLAN, test: 0.3 });
    const share = (split: string) => splits.filter((one) => one === split).length / splits.length;
    expect(share("holdout")).toBeCloseTo(0.2, 1.7);
    expect(share("test")).toBeCloseTo(0.3, 1.7);
  });

  it("keeps groups together, and by case does not", () => {
    const cases = casesOf(400, 4);
    expect(splitReport(cases, assignSplits(cases, PLAN), PLAN).tornGroups).toBe(0);
    const byCase: SplitPlan = { ...PLAN, by: "case" };
    expect(splitReport(cases, assignSplits(cases, byCase), byCase).tornGroups).toBeGreaterThan(30);
  });

  it("moves no case when others are added or go", () => {
    const all = casesOf(500, 2);
    const splits = assignSplits(all, PLAN);
    const some = all.filter((_, index) => index % 3 === 0);
    expect(assignSplits(some, PLAN)).toEqual(splits.filter((_, index) => index % 3 === 0));
  });

  it("only adds to the holdout when its share grows", () => {
    const cases = casesOf(500, 1);
    const small = assignSplits(cases, PLAN);
    const large = assignSplits(cases, { ...PLAN, holdout: 0.4 });
    expect(small.every((split, index) => split !== "holdout" || large[index] === "holdout")).toBe(true);
  });

  it("draws anew with another seed", () => {
    const cases = casesOf(500, 1);
    expect(assignSplits(cases, { ...PLAN, seed: 2 })).not.toEqual(assignSplits(cases, PLAN));
  });

  it("keeps dev and test where no share of test is asked for, and empties the old holdout", () => {
    const from = (split: string) => new Set(assignSplits(casesOf(200, 1, split), PLAN));
    expect(from("test")).toEqual(new Set(["test", "holdout"]));
    expect(from("dev")).toEqual(new Set(["dev", "holdout"]));
    expect(from("holdout")).toEqual(new Set(["dev", "holdout"]));
  });

  it("reports what moved and the shares of each stratum", () => {
    const cases = casesOf(300, 3);
    const splits = assignSplits(cases, PLAN);
    const report = splitReport(cases, splits, PLAN);
    const holdout = splits.filter((split) => split === "holdout").length;
    expect(report.moved).toEqual([{ from: "dev", to: "holdout", cases: holdout }]);
    expect(report.strata[0]).toEqual({ key: "all", value: null, dev: 300 - holdout, test: 0, holdout });
    expect(report.units).toBe(100);
  });
});
