import type { JudgeScale } from "../../config/judge/judge-schema.js";
import { categoriesOf, PAIR } from "../../config/judge/scale-categories.js";

/** A label that a reviewer can give. */
export interface ReviewChoice {
  readonly value: string;
  /** Key that gives it: a digit or a lower-case letter. */
  readonly key: string;
  /** What earns it: the anchor of a grade, the meaning of a category; `null` when the word says it. */
  readonly meaning: string | null;
}

/** Letters for labels after the ninth: those that are no other key of the queue. */
const LETTERS = [..."abdeghilmotvwxyz"];

/** The labels of a scale from the worst to the best, each with a key of its own. */
export function reviewChoices(scale: JudgeScale): readonly ReviewChoice[] {
  switch (scale.kind) {
    case "binary":
    case "claims": {
      const [fail = "", pass = ""] = categoriesOf(scale);
      return [
        { value: pass, key: "y", meaning: null },
        { value: fail, key: "n", meaning: null },
      ];
    }
    case "ordinal": {
      const isDigit = scale.levels.every(({ value }) => Number.isInteger(value) && value >= 0 && value <= 9);
      return scale.levels.map(({ value, anchor }, index) => ({
        value: String(value),
        key: isDigit ? String(value) : numberedKey(index),
        meaning: anchor,
      }));
    }
    case "categorical":
      return scale.categories.map(({ value, meaning }, index) => ({
        value,
        key: numberedKey(index),
        meaning,
      }));
    case "pairwise":
      return [
        { value: PAIR.first, key: "a", meaning: "answer A is better" },
        { value: PAIR.second, key: "b", meaning: "answer B is better" },
        ...(scale.tie ? [{ value: PAIR.tie, key: "t", meaning: "neither is better" }] : []),
      ];
  }
}

function numberedKey(index: number): string {
  return index < 9 ? String(index + 1) : (LETTERS[index - 9] ?? "");
}
