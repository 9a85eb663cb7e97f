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
  /** A mean or a limit of it, within what the scale can give. */
  readonly clipped: (mean: number) => number;
}

/** How labels of a scale become numbers whose mean says something. Answers with claims pass when all claims do. */
export function labelScores(scale: JudgeScale): LabelScores {
  switch (scale.kind) {
    case "binary":
      return scores("share", [
        [scale.fail, 0],
        [scale.pass, 1],
      ]);
    case "claims":
      return scores("share", [
        [CLAIMS.fail, 0],
        [CLAIMS.pass, 1],
      ]);
    case "categorical":
      return scores(
        "share",
        scale.categories.map(({ value }) => [value, Number(scale.good.includes(value))]),
      );
    case "ordinal":
      return scores(
        "grade",
        scale.levels.map(({ value }) => [String(value), value]),
      );
    case "pairwise":
      return scores("win-rate", [
        [PAIR.first, 1],
        [PAIR.tie, 0.5],
        [PAIR.second, 0],
      ]);
  }
}

function scores(measure: EstimateMeasure, labels: readonly (readonly [string, number])[]): LabelScores {
  const byLabel = new Map(labels);
  const numbers = measure === "grade" ? [...byLabel.values()] : [0, 1];
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return {
    measure,
    scoreOf: (label) => byLabel.get(label) ?? null,
    clipped: (mean) => Math.min(most, Math.max(least, mean)),
  };
}
