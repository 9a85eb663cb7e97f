import type { JudgeScale } from "../../config/judge/judge-schema.js";
import { CLAIMS, PAIR } from "../../config/judge/scale-categories.js";

/** What the mean over items stands for. */
export type EstimateMeasure = "share" | "grade" | "win-rate";

/** How labels of a scale are counted. */
export interface LabelScores {
  /** `share`: of items that pass; `grade`: mean grade; `win-rate`: of the first answers, a tie counts half. */
  readonly measure: EstimateMeasure;
  /** Number of a label of people or of the judge; `null` for a label outside the scale. */
  readonly scoreOf: (label: string) => number | null;
}

/** How labels of a scale become numbers whose mean says something. Answers with claims pass when all claims do. */
export function labelScores(scale: JudgeScale): LabelScores {
  switch (scale.kind) {
    case "binary":
      return {
        measure: "share",
        scoreOf: table([
          [scale.fail, 0],
          [scale.pass, 1],
        ]),
      };
    case "claims":
      return {
        measure: "share",
        scoreOf: table([
          [CLAIMS.fail, 0],
          [CLAIMS.pass, 1],
        ]),
      };
    case "categorical":
      return {
        measure: "share",
        scoreOf: table(scale.categories.map(({ value }) => [value, Number(scale.good.includes(value))])),
      };
    case "ordinal":
      return { measure: "grade", scoreOf: table(scale.levels.map(({ value }) => [String(value), value])) };
    case "pairwise":
      return {
        measure: "win-rate",
        scoreOf: table([
          [PAIR.first, 1],
          [PAIR.tie, 0.5],
          [PAIR.second, 0],
        ]),
      };
  }
}

function table(scores: readonly (readonly [string, number])[]): LabelScores["scoreOf"] {
  const byLabel = new Map(scores);
  return (label) => byLabel.get(label) ?? null;
}
