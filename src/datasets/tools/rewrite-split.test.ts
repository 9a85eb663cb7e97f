import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDatasetLines } from "../dataset-builder.js";
import { rewriteSplit } from "./rewrite-split.js";

describe("rewriteSplit", () => {
  it.each([
    ['{"id":"a","split":"dev","input":"x"}', '{"id":"a","split":"holdout","input":"x"}'],
    ['{ "id" : "a" , "split" :  "dev" }', '{ "id" : "a" , "split" :  "holdout" }'],
    ['{"split":null,"id":"a"}', '{"split":"holdout","id":"a"}'],
    ['{"id":"a","input":"x"}', '{"id":"a","input":"x","split":"holdout"}'],
    ['{"id": "a", "input": "x"}', '{"id": "a", "input": "x", "split": "holdout"}'],
    ['{"question": "x"}', '{"question": "x", "split": "holdout"}'],
    ['{"question":"x"}', '{"question":"x","split":"holdout"}'],
    ['{ "id": "a", "input": "x" }\r\n', '{ "id": "a", "input": "x", "split": "holdout" }\r\n'],
    ['\uFEFF{"id":"a"}', '\uFEFF{"id":"a","split":"holdout"}'],
    ['{"spl\\u0069t":"dev"}', '{"spl\\u0069t":"holdout"}'],
    [
      '{"id":"split","expect":{"tool_calls":[{"name":"t","args":{"split":"dev"}}]},"tags":["split","x"]}',
      '{"id":"split","expect":{"tool_calls":[{"name":"t","args":{"split":"dev"}}]},"tags":["split","x"],"split":"holdout"}',
    ],
    [
      '{"id":"a","input":"say \\"split\\": \\"dev\\", } or {\\\\","split":"test"}',
      '{"id":"a","input":"say \\"split\\": \\"dev\\", } or {\\\\","split":"holdout"}',
    ],
  ])("%s", (line, expected) => {
    expect(rewriteSplit(line, "holdout")).toBe(expected);
  });

  it("changes the split of any case and nothing else", () => {
    const anyText = fc.string({ minLength: 1, unit: "grapheme" });
    const anyCase = fc.record(
      {
        input: anyText,
        split: fc.constantFrom("dev", "test", "holdout", null),
        expect: fc.record({
          answer: anyText,
          tool_calls: fc.array(fc.record({ name: anyText, args: fc.dictionary(anyText, anyText) })),
        }),
      },
      { requiredKeys: ["input"] },
    );
    fc.assert(
      fc.property(
        anyCase,
        fc.constantFrom(0, 1, 2),
        fc.constantFrom("dev", "test", "holdout"),
        (one, indent, split) => {
          fc.pre(!JSON.stringify(one).includes("__proto__"));
          const line = JSON.stringify({ id: "a", ...one }, null, indent).replaceAll("\n", " ");
          const before = JSON.parse(line) as object;
          const after = JSON.parse(rewriteSplit(line, split)) as object;
          expect(after).toEqual({ ...before, split });
          expect(rewriteSplit(rewriteSplit(line, "test"), split)).toBe(rewriteSplit(line, split));
          const [parsed] = parseDatasetLines([rewriteSplit(line, split)], "golden.jsonl").cases;
          expect(parsed?.split).toBe(split);
        },
      ),
    );
  });
});
