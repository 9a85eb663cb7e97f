import { describe, expect, it } from "vitest";
import type { VerdictEntry, VerdictOrder } from "../core/judgement.js";
import { sampleVerdict } from "../store/testing/judgement-samples.js";
import { finalVerdicts, type VerdictRules } from "./final-verdicts.js";

const PAIRS: VerdictRules = { aggregation: "majority", categories: ["A", "B", "tie"], flipIs: "tie" };
const GRADES: VerdictRules = {
  aggregation: "median",
  categories: ["1", "2", "3", "4", "5"],
  flipIs: null,
};

function votes(
  values: readonly (string | null)[],
  order: VerdictOrder = "first",
  changes: Partial<VerdictEntry> = {},
): readonly VerdictEntry[] {
  return values.map((value, vote) => sampleVerdict("i", { value, vote, order, ...changes }));
}

function final(entries: readonly VerdictEntry[], rules: VerdictRules) {
  const [one, ...others] = finalVerdicts(entries, rules);
  expect(others).toEqual([]);
  return one;
}

describe("finalVerdicts", () => {
  it.each([
    ["what most votes say", ["A", "B", "A"], "A"],
    ["nothing when votes cancel each other out", ["A", "B"], null],
    ["what the votes that can be used say", [null, "B", null], "B"],
    ["nothing when no vote can be used", [null, null], null],
    ["nothing when the votes are of no category", ["C"], null],
  ])("by majority is %s", (_, values, wanted) => {
    expect(final(votes(values), PAIRS)?.value).toBe(wanted);
  });

  it.each([
    ["the middle grade", "median", ["1", "5", "4"], "4"],
    ["the lower of two grades that are equally near", "median", ["2", "3"], "2"],
    ["a grade of the scale between two that are apart", "median", ["2", "4"], "3"],
    ["the grade next to the mean", "mean", ["1", "1", "5"], "2"],
    ["without votes that cannot be used", "mean", [null, "5"], "5"],
    ["nothing without votes", "median", [null], null],
  ] as const)("%s: %s of %j", (_, aggregation, values, wanted) => {
    expect(final(votes(values), { ...GRADES, aggregation })?.value).toBe(wanted);
  });

  it.each([
    ["the same in both orders", "A", "A", "A"],
    ["a flip, which is a tie", "A", "B", "tie"],
    ["a tie in one order, which is a flip too", "A", "tie", "tie"],
    ["an order that gave nothing, which is nothing", "A", null, null],
    ["two orders that gave nothing", null, null, null],
  ])("sees %s", (_, first, swapped, value) => {
    const both = [...votes([first]), ...votes([swapped], "swapped")];
    expect(final(both, PAIRS)).toMatchObject({ first, swapped, value });
  });

  it("takes the first order alone where a flip is nothing", () => {
    const both = [...votes(["A"]), ...votes(["B"], "swapped")];
    expect(final(both, { ...PAIRS, flipIs: null })).toMatchObject({ value: "A", swapped: "B" });
  });

  it("tells an order that was not asked from one that gave nothing", () => {
    expect(final(votes(["A"]), PAIRS)).toMatchObject({ value: "A", swapped: undefined });
  });

  it("scores by the mean of grades, or of shares of claims; words have none", () => {
    expect(final(votes(["2", "4", null]), GRADES)?.score).toBe(3);
    expect(
      final(votes(["yes"], "first", { share: 0.75 }), { ...PAIRS, categories: ["no", "yes"] })?.score,
    ).toBe(0.75);
    expect(final(votes(["A", "B"]), PAIRS)?.score).toBeNull();
    expect(final(votes([null]), GRADES)?.score).toBeNull();
  });

  it("keeps items apart, with all of their votes", () => {
    const entries = [sampleVerdict("b", { value: "A" }), sampleVerdict("a", { value: "B" })];
    expect(
      finalVerdicts(entries, PAIRS).map(({ item, value, votes: all }) => [item, value, all.length]),
    ).toEqual([
      ["b", "A", 1],
      ["a", "B", 1],
    ]);
    expect(finalVerdicts([], PAIRS)).toEqual([]);
  });
});
