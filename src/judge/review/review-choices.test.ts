import { describe, expect, it } from "vitest";
import type { JudgeScale } from "../../config/judge/judge-schema.js";
import { categoriesOf } from "../../config/judge/scale-categories.js";
import { reviewChoices } from "./review-choices.js";

const level = (value: number) => ({ value, anchor: `earns ${value}` });
const scales: readonly (readonly [name: string, scale: JudgeScale, keys: string])[] = [
  ["binary", { kind: "binary", fail: "no", pass: "yes" }, "yn"],
  ["claims", { kind: "claims", question: "faithfulness" }, "yn"],
  ["1 to 5", { kind: "ordinal", levels: [1, 2, 3, 4, 5].map(level) }, "12345"],
  ["0 to 2", { kind: "ordinal", levels: [0, 1, 2].map(level) }, "012"],
  ["tens", { kind: "ordinal", levels: [0, 10, 20].map(level) }, "123"],
  ["pair", { kind: "pairwise", tie: true }, "abt"],
  ["pair without ties", { kind: "pairwise", tie: false }, "ab"],
  [
    "20 categories",
    {
      kind: "categorical",
      categories: Array.from({ length: 20 }, (_, at) => ({ value: `c${at}`, meaning: "one" })),
      good: ["c0"],
    },
    "123456789abdeghilmot",
  ],
];

describe("reviewChoices", () => {
  it.each(scales)("gives each label of %s a key of its own", (_, scale, keys) => {
    const choices = reviewChoices(scale);
    expect(choices.map(({ key }) => key).join("")).toBe(keys);
    expect(new Set(keys).size).toBe(choices.length);
    expect(choices.every(({ value }) => categoriesOf(scale).includes(value))).toBe(true);
  });

  it("takes no key that does something else", () => {
    const taken = scales.flatMap(([, scale]) => reviewChoices(scale).map(({ key }) => key));
    expect(taken.filter((key) => "sfcupqrjk? ".includes(key))).toEqual([]);
  });
});
