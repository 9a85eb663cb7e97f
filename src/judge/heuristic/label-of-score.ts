import type { JudgeScale } from "../../config/judge/judge-schema.js";
import { CLAIMS, categoriesOf, PAIR } from "../../config/judge/scale-categories.js";

/**
 * Label for a score of a single answer.
 *
 * Ordinal scales are cut into bands of equal width: of five grades the second begins at 0.2, the fifth at 0.8. Equal
 * widths are the only cuts that can be chosen without labels; cuts fitted to labels would be another judge, which had to
 * be measured on other labels.
 *
 * @param score - in [0, 1]
 * @param passesAt - least score that gets the better label where there are two
 * @returns `null` when all labels of a categorical scale are good: then no label stands for a low score
 */
export function labelOfScore(scale: JudgeScale, score: number, passesAt: number): string | null {
  if (scale.kind === "ordinal") {
    const labels = categoriesOf(scale);
    return labels[Math.min(labels.length - 1, Math.floor(score * labels.length))] ?? null;
  }
  return score >= passesAt ? bestLabel(scale) : worseLabel(scale);
}

/** The label that stands for success: of several good ones the first; of pairs the first answer. */
export function bestLabel(scale: JudgeScale): string {
  switch (scale.kind) {
    case "binary":
      return scale.pass;
    case "ordinal":
      return String(scale.levels.at(-1)?.value);
    case "categorical":
      return scale.good[0] ?? "";
    case "pairwise":
      return PAIR.first;
    case "claims":
      return CLAIMS.pass;
  }
}

function worseLabel(scale: JudgeScale): string | null {
  if (scale.kind === "categorical") {
    return categoriesOf(scale).find((label) => !scale.good.includes(label)) ?? null;
  }
  return categoriesOf(scale)[0] ?? null;
}
