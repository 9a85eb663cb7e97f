import { describe, expect, it } from "vitest";
import { judgeSchema } from "../../config/judge/judge-schema.js";
import { labelOf, mappedBack, parseVerdictReply, unreadable } from "./judge-reply.js";

function judgeWith(scale: object, synonyms: object = {}) {
  const rubric = { version: "1", text: "Is it good?" };
  return judgeSchema.parse({ version: 1, name: "j", rubric, scale, synonyms, heuristic: "majority" });
}

const levels = [-1, 0, 1, 3].map((value) => ({ value, anchor: "…" }));
const grades = judgeWith({ kind: "ordinal", levels }, { fine: "1" });
const yesNo = judgeWith({ kind: "binary", fail: "No", pass: "Yes" }, { Correct: "Yes" });
const pair = judgeWith({ kind: "pairwise" }, { "Output (a)": "A" });
const noTie = judgeWith({ kind: "pairwise", tie: false });
const kinds = judgeWith({
  kind: "categorical",
  categories: ["warm", "WARM", "cold"].map((value) => ({ value, meaning: "…" })),
  good: ["warm"],
});

describe("the label of a word", () => {
  it.each([
    [yesNo, "yes", "Yes", null],
    [yesNo, "NO", "No", null],
    [yesNo, "correct", "Yes", null],
    [yesNo, "Yes, mostly", null, "unmapped"],
    [yesNo, "5", null, "unmapped"],
    [yesNo, "", null, "unmapped"],
    [grades, "3", "3", null],
    [grades, "3.0", "3", null],
    [grades, "+1", "1", null],
    [grades, "-1", "-1", null],
    [grades, "fine", "1", null],
    [grades, "2", null, "unmapped"],
    [grades, "2.6", null, "unmapped"],
    [grades, "3.5", null, "out_of_range"],
    [grades, "-2", null, "out_of_range"],
    [grades, "3/5", null, "unmapped"],
    [grades, "three", null, "unmapped"],
    [grades, "1e0", null, "unmapped"],
    [pair, "a", "A", null],
    [pair, "output (A)", "A", null],
    [pair, "tie", "tie", null],
    [pair, "both", null, "unmapped"],
    [noTie, "tie", null, "unmapped"],
    [kinds, "warm", "warm", null],
    [kinds, "WARM", "WARM", null],
    // It could be either.
    [kinds, "Warm", null, "unmapped"],
    [kinds, "Cold", "cold", null],
    [kinds, "constructor", null, "unmapped"],
  ] as const)("%# %s", (config, word, value, reason) => {
    expect(labelOf(config, word)).toEqual({ value, reason });
  });
});

describe("a reply", () => {
  it.each([
    ['{"reasoning": "because", "verdict": "A"}', { word: "A", reasoning: "because" }],
    ['```json\n{"reasoning": "r", "verdict": 4}\n```', { word: "4", reasoning: "r" }],
    ['{"verdict": true}', { word: "true", reasoning: "" }],
    ['{"reasoning": null, "verdict": " yes "}', { word: "yes", reasoning: "" }],
  ])("%s", (text, parsed) => {
    expect(parseVerdictReply(text)).toEqual(parsed);
  });

  it.each([
    "The answer is good: 4",
    '{"reasoning": "no verdict"}',
    '{"verdict": null}',
    '{"verdict": ["A"]}',
    '[{"verdict": "A"}]',
    '{"verdict": "A"} trailing',
    "",
  ])("%j is sent back", (text) => {
    expect(parseVerdictReply(text)).toHaveProperty("problem");
  });

  it("that never becomes JSON is a refusal when it declines, and invalid otherwise", () => {
    expect(unreadable("I'm sorry, but I can't help with that.").reason).toBe("refusal");
    expect(unreadable("I would give it a 4.").reason).toBe("invalid_reply");
    expect(unreadable("").reason).toBe("invalid_reply");
  });
});

it("a verdict on swapped answers is told of the first order", () => {
  expect(["A", "B", "tie", null].map((value) => mappedBack(value, "swapped"))).toEqual([
    "B",
    "A",
    "tie",
    null,
  ]);
  expect(["A", "B", "tie", null].map((value) => mappedBack(value, "first"))).toEqual(["A", "B", "tie", null]);
});
