import { describe, expect, it } from "vitest";
import { parseDatasetLines } from "../dataset-builder.js";
import { checkDatasets, isClean } from "./check-datasets.js";

const OPTIONS = { threshold: 0.8, shingleWords: 2, seed: 1 };

function check(...files: readonly (readonly object[])[]) {
  const datasets = files.map((cases, index) =>
    parseDatasetLines(
      cases.map((one) => JSON.stringify(one)),
      `${index}.jsonl`,
    ),
  );
  return checkDatasets(datasets, OPTIONS);
}

function found(result: ReturnType<typeof check>): readonly string[] {
  return result.findings.map((one) => `${one.code}: ${one.cases.map(({ id }) => id).join(" ")}`);
}

const labelled = { expect: { must_include: ["x"] } };

describe("checkDatasets", () => {
  it("finds nothing in a set that is in order", () => {
    const result = check([
      { id: "a", input: "How do I reset an expired key?", ...labelled },
      { id: "b", input: "Where is my order?", split: "holdout", ...labelled },
    ]);
    expect(result.findings).toEqual([]);
    expect(isClean(result, true)).toBe(true);
  });

  it.each<[string, readonly object[], readonly string[]]>([
    [
      "content that is repeated under another name, tag and review",
      [
        { id: "a", input: "Q?", ...labelled },
        { id: "b", input: "Q?", tags: [], group: "a", review: { status: "approved" }, ...labelled },
      ],
      ["exact-duplicate: b a"],
    ],
    [
      "the same question with another expectation",
      [
        { id: "a", input: "Reset my key?", ...labelled },
        { id: "b", input: "reset  my key?", expect: { refusal: true } },
      ],
      ["conflict: b a"],
    ],
    [
      "near-duplicates in different groups",
      [
        { id: "a", input: "how do I reset an expired API key", ...labelled },
        { id: "b", input: "how do I reset an expired API key please", ...labelled },
      ],
      ["near-duplicate: b a"],
    ],
    [
      "no paraphrases that are declared",
      [
        { id: "a", input: "how do I reset an expired API key", group: "k", ...labelled },
        { id: "b", input: "how do I reset an expired API key please", group: "k", ...labelled },
      ],
      [],
    ],
    [
      "a text on both sides of the holdout",
      [
        { id: "a", input: "how do I reset an expired API key", ...labelled },
        { id: "b", input: "how do I reset an expired API key please", split: "holdout", ...labelled },
      ],
      ["leak-text: b a"],
    ],
    [
      "a group on both sides of the holdout, and one in dev and test",
      [
        { id: "a", input: "one thing", group: "g", ...labelled },
        { id: "b", input: "quite another", group: "g", split: "holdout", ...labelled },
        { id: "c", input: "a third", group: "h", split: "test", ...labelled },
        { id: "d", input: "something else", group: "h", ...labelled },
      ],
      ["leak-group: a b", "overlap-group: c d"],
    ],
    [
      "test that repeats dev",
      [
        { id: "a", input: "how do I reset an expired API key", group: "g", split: "test", ...labelled },
        { id: "b", input: "how do I reset an expired API key please", ...labelled },
      ],
      ["overlap-text: a b"],
    ],
    [
      "labels and reviews that are missing",
      [
        { id: "a", input: "one thing", risk: "critical", ...labelled },
        { id: "b", input: "quite another", risk: "high", review: { status: "pending" }, ...labelled },
        { id: "c", input: "a third", risk: "high", review: { status: "approved" }, ...labelled },
        { id: "d", input: "something else", review: { status: "rejected" }, ...labelled },
        { id: "e", input: "nothing said", expect: { outputs: [], tool_calls_mode: "exact" } },
        { id: "f", input: "no call at all", expect: { tool_calls: [] } },
      ],
      [
        "unreviewed-high-risk: a",
        "unreviewed-high-risk: b",
        "rejected: d",
        "nothing-expected: e",
        "small-slice: a",
        "small-slice: b c",
      ],
    ],
  ])("finds %s", (_, cases, expected) => {
    expect(found(check(cases))).toEqual(expected);
  });

  it("looks for leaks across files, and for groups within each", () => {
    const result = check(
      [{ id: "a", input: "how do I reset an expired API key", group: "g", ...labelled }],
      [
        {
          id: "a",
          input: "how do I reset an expired API key now",
          group: "g",
          split: "holdout",
          ...labelled,
        },
      ],
    );
    expect(found(result)).toEqual(["leak-text: a a"]);
    expect(result.findings[0]?.cases.map((one) => one.file)).toEqual(["1.jsonl", "0.jsonl"]);
  });

  it("counts problems apart from warnings, and lets warnings fail when strict", () => {
    const warned = check([{ id: "a", input: "x" }]);
    expect([warned.problems, warned.warnings]).toEqual([0, 1]);
    expect([isClean(warned, false), isClean(warned, true)]).toEqual([true, false]);
    const bad = check([
      { id: "a", input: "x", ...labelled },
      { id: "b", input: "x", ...labelled },
    ]);
    expect([bad.problems, isClean(bad, false)]).toEqual([1, false]);
  });
});
