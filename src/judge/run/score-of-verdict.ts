import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import { categoriesOf, metricOfJudge, PAIR } from "../../config/judge/scale-categories.js";
import type { GradeScale, MetricFacts, Score } from "../../core/score.js";
import type { FinalVerdict, VerdictRules } from "../final-verdicts.js";

/** How votes and orders of a judge become one verdict. */
export function verdictRulesOf({ scale, aggregation, both_orders: bothOrders }: JudgeConfig): VerdictRules {
  return {
    aggregation,
    categories: categoriesOf(scale),
    flipIs: scale.kind === "pairwise" && bothOrders ? PAIR.tie : null,
  };
}

/** The metric that a judge file gives. */
export function judgeMetricFacts({ name, scale }: JudgeConfig): MetricFacts {
  const isRate = scale.kind === "binary" || scale.kind === "categorical";
  return {
    name: metricOfJudge(name),
    layer: "generation",
    unit: scale.kind === "ordinal" ? "rating" : "proportion",
    direction: "higher",
    aggregate: isRate ? "proportion" : "mean",
    description: MEANINGS[scale.kind],
    ...(scale.kind === "ordinal" ? { scale: endsOf(scale.levels.map(({ value }) => value)) } : {}),
  };
}

function endsOf(grades: readonly number[]): GradeScale {
  return { min: Math.min(...grades), max: Math.max(...grades) };
}

const MEANINGS: Readonly<Record<JudgeConfig["scale"]["kind"], string>> = {
  binary: "Share of answers that pass the rubric of the judge.",
  ordinal: "Mean grade of the answers by the rubric of the judge.",
  categorical: "Share of answers that the judge gives a good label.",
  pairwise: "Share of pairs whose first answer the judge prefers; a tie is half a win.",
  claims: "Mean share of claims that count for the answer, by the judge.",
};

/**
 * Score of a trial by a judge's verdict: 1 or 0 on scales of passing or good labels, the grade on ordinal scales, 1, half
 * or 0 for pairs, the share of claims for judges of claims.
 */
export function scoreOfVerdict(scale: JudgeConfig["scale"], verdict: FinalVerdict): Score {
  const { value, score } = verdict;
  if (value === null) return { value: null, reason: whyNone(verdict) };
  switch (scale.kind) {
    case "binary":
      return { value: Number(value === scale.pass), detail: value };
    case "categorical":
      return { value: Number(scale.good.includes(value)), detail: value };
    case "ordinal":
      return { value: Number(value), detail: value };
    case "pairwise":
      return { value: value === PAIR.tie ? 0.5 : Number(value === PAIR.first), detail: value };
    case "claims":
      return score === null ? { value: null, reason: whyNone(verdict) } : { value: score, detail: value };
  }
}

const REASONS = {
  unmapped: "the judge's word is no label",
  out_of_range: "the judge's grade is outside the scale",
  refusal: "the judge declined to judge",
  invalid_reply: "the judge gave no valid JSON",
} as const;

function whyNone({ votes }: FinalVerdict): string {
  const reasons = votes.flatMap(({ reason }) => (reason === null ? [] : [reason]));
  const isSplit = votes.length > 1 && reasons.length < votes.length;
  const first = reasons[0];
  return isSplit || first === undefined ? "the judge's votes give no verdict" : REASONS[first];
}
