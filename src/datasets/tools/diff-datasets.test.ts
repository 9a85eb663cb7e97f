import { describe, expect, it } from "vitest";
import { parseDatasetLines } from "../dataset-builder.js";
import { diffDatasets } from "./diff-datasets.js";

function diff(before: readonly object[], after: readonly object[]) {
  const read = (cases: readonly object[], file: string) =>
    parseDatasetLines(
      cases.map((one) => JSON.stringify(one)),
      file,
    );
  return diffDatasets(read(before, "before.jsonl"), read(after, "after.jsonl"));
}

describe("diffDatasets", () => {
  it("finds what came, went, changed and was renamed", () => {
    const result = diff(
      [
        { id: "same", input: "one" },
        { id: "gone", input: "two" },
        { id: "changed", input: "three", expect: { must_include: ["x"] }, risk: "low" },
        { id: "old-name", input: "four" },
      ],
      [
        { id: "same", input: "one", split: "dev" },
        { id: "changed", input: "three", expect: { must_include: ["y"] }, risk: "high" },
        { id: "new", input: "five" },
        { id: "new-name", input: "four" },
      ],
    );
    expect(result).toMatchObject({
      added: [{ id: "new", line: 3, split: "dev", text: "five" }],
      removed: [{ id: "gone", line: 2, split: "dev", text: "two" }],
      renamed: [{ from: "old-name", to: "new-name" }],
      changed: [
        {
          id: "changed",
          lineBefore: 3,
          lineAfter: 2,
          isHoldout: false,
          changes: [
            { key: "expect.must_include", before: '["x"]', after: '["y"]' },
            { key: "risk", before: '"low"', after: '"high"' },
          ],
        },
      ],
      unchanged: 1,
      isReordered: false,
    });
  });

  it("names no text of a case that is in the holdout of either version", () => {
    const secret = "the secret question";
    const result = diff(
      [
        { id: "moved-in", input: secret, tags: ["a"] },
        { id: "moved-out", input: secret, split: "holdout" },
        { id: "gone", input: secret, split: "holdout", group: "other" },
      ],
      [
        { id: "moved-in", input: `${secret} 2`, split: "holdout", tags: ["b"] },
        { id: "moved-out", input: `${secret} 2`, expect: { answer: secret } },
        { id: "new", input: secret, split: "holdout" },
      ],
    );
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(result.changed[0]?.changes).toEqual([
      { key: "input", before: null, after: null },
      { key: "tags", before: '["a"]', after: '["b"]' },
      { key: "split", before: '"dev"', after: '"holdout"' },
    ]);
  });

  it("tells a new order from the same content", () => {
    const [a, b] = [
      { id: "a", input: "one" },
      { id: "b", input: "two" },
    ];
    expect(diff([a, b], [b, a])).toMatchObject({ unchanged: 2, isReordered: true });
    expect(diff([a, b], [a, b])).toMatchObject({ unchanged: 2, isReordered: false, changed: [] });
  });
});
