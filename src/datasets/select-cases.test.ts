import { describe, expect, test } from "vitest";
import { UsageError } from "../core/errors.js";
import { parseDatasetLines } from "./dataset-builder.js";
import { type CaseSelection, noCaseSelected, selectCases } from "./select-cases.js";

const { cases } = parseDatasetLines(
  [
    '{"id":"refund-1","input":"Refund order W1","tags":["refund","orders"]}',
    '{"id":"refund-2","input":{"messages":[{"role":"user","content":"Money back?"}]},"tags":["refund"]}',
    '{"id":"key-1","input":"How do I reset my key?","tags":["faq"]}',
    '{"id":"cancel-1","input":{"user":{"goal":"Cancel order W2","script":["Stop it"]}}}',
  ],
  "golden.jsonl",
);

function idsOf(selection: CaseSelection): string[] {
  return selectCases(cases, selection).map((each) => each.id);
}

describe("selectCases", () => {
  test.each<[string, CaseSelection, string[]]>([
    ["nothing asked", {}, ["refund-1", "refund-2", "key-1", "cancel-1"]],
    ["pattern on ids", { pattern: "^refund-" }, ["refund-1", "refund-2"]],
    ["pattern on texts, any case", { pattern: "order w\\d" }, ["refund-1", "cancel-1"]],
    ["pattern on messages and scripts", { pattern: "money|stop" }, ["refund-2", "cancel-1"]],
    ["any of the tags", { tags: ["faq", "orders"] }, ["refund-1", "key-1"]],
    ["ids, in file order", { caseIds: ["cancel-1", "refund-2"] }, ["refund-2", "cancel-1"]],
    ["limit after the rest", { tags: ["refund"], limit: 1 }, ["refund-1"]],
    ["failing, gone ones left out", { failingIds: new Set(["key-1", "gone"]) }, ["key-1"]],
    ["no failing", { failingIds: new Set() }, []],
    ["all parts hold", { pattern: "refund", tags: ["refund"], caseIds: ["refund-2", "key-1"] }, ["refund-2"]],
  ])("%s", (_, selection, expected) => {
    expect(idsOf(selection)).toEqual(expected);
  });

  test.each<[string, CaseSelection, string]>([
    [
      "unknown ids, all at once",
      { caseIds: ["refnd-1", "qqqqqqq"] },
      "--case-id refnd-1 is not in the dataset; did you mean `refund-1`?\n" +
        "--case-id qqqqqqq is not in the dataset; the dataset has `refund-1`, `refund-2`, `key-1`, `cancel-1`",
    ],
    ["a broken pattern", { pattern: "C++" }, '--filter-pattern expected a regular expression, found "C++"'],
    ["limit 0", { limit: 0 }, "--limit expected a whole number from 1, found 0"],
    ["limit 1.5", { limit: 1.5 }, "--limit expected a whole number from 1, found 1.5"],
  ])("%s", (_, selection, message) => {
    expect(() => idsOf(selection)).toThrow(UsageError);
    expect(() => idsOf(selection)).toThrow(message);
  });
});

test("an empty selection says which filter to look at", () => {
  const selection = { pattern: "x", tags: ["refnd", "faq"] };
  expect(noCaseSelected(cases, selection).message).toBe(
    "none of the 4 cases is selected by --filter-pattern x and " +
      "--filter-tag refnd (no case has this tag; did you mean `refund`?) and --filter-tag faq",
  );
});
