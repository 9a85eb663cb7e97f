import type { JudgeConfig, JudgeScale } from "../../config/judge/judge-schema.js";
import { CLAIMS, PAIR } from "../../config/judge/scale-categories.js";
import { JUDGE_CORRECTNESS, JUDGE_FAITHFULNESS, JUDGE_RELEVANCE } from "../claim-metrics.js";
import { type ClaimQuestion, claimQuestions, DATA_RULE } from "../claim-questions.js";

type ClaimScale = Extract<JudgeScale, { kind: "claims" }>;

const CLAIM_METRICS: Readonly<Record<ClaimScale["question"], string>> = {
  faithfulness: JUDGE_FAITHFULNESS,
  answer_relevance: JUDGE_RELEVANCE,
  correctness: JUDGE_CORRECTNESS,
};

const MANNER = `How to judge:
- Judge by the rubric alone, not by your own taste.
- Length, style, formatting, politeness and confidence are no merit and no fault unless the rubric names them. A short text that satisfies the rubric is as good as a long one.
- First write your reasoning: what the rubric asks, and what in the texts decides. Then the verdict that follows from it.`;

const PAIR_MANNER = `${MANNER}
- Which answer stands first makes no difference. Judge each answer, then compare.`;

const FORMAT = `Reply with one JSON object and nothing else, the reasoning first:
{"reasoning": "...", "verdict": "..."}`;

/** Words around the rubric; whoever changes them makes other judges of all judge files. */
function fixedWords(scale: JudgeScale): readonly [before: string, after: string] {
  if (scale.kind === "claims") return ["", questionOfClaims(scale).instructions];
  const isPair = scale.kind === "pairwise";
  const what = isPair
    ? "You compare two answers of assistants, ANSWER A and ANSWER B, by a rubric."
    : "You judge the ANSWER of an assistant by a rubric.";
  return [what, [isPair ? PAIR_MANNER : MANNER, DATA_RULE, FORMAT].join("\n\n")];
}

/** What is asked of each claim on a scale of claims. */
export function questionOfClaims({ question }: ClaimScale): ClaimQuestion {
  const metric = CLAIM_METRICS[question];
  return claimQuestions.find((one) => one.metric === metric) as ClaimQuestion;
}

/** The fixed words alone: part of the version of a judge. */
export function judgeInstructions({ scale }: JudgeConfig): string {
  return fixedWords(scale).join("\n\n");
}

/** System prompt of a judge: task, rubric, verdicts with what earns them, manner and format. */
export function systemPrompt({ rubric, scale }: JudgeConfig): string {
  const [before, after] = fixedWords(scale);
  const verdicts = verdictLines(scale);
  return [
    before,
    `RUBRIC\n${rubric.text.trim()}`,
    verdicts.length === 0 ? "" : `VERDICTS\n${verdicts.join("\n")}`,
    after,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function verdictLines(scale: JudgeScale): readonly string[] {
  switch (scale.kind) {
    case "binary":
      return [
        `"${scale.pass}": the answer satisfies the rubric`,
        `"${scale.fail}": the answer does not satisfy the rubric`,
      ];
    case "ordinal":
      return scale.levels.map(({ value, anchor }) => `"${value}": ${anchor}`);
    case "categorical":
      return scale.categories.map(({ value, meaning }) => `"${value}": ${meaning}`);
    case "pairwise":
      return [
        `"${PAIR.first}": ANSWER A satisfies the rubric better`,
        `"${PAIR.second}": ANSWER B satisfies the rubric better`,
        ...(scale.tie ? [`"${PAIR.tie}": neither is better by the rubric`] : []),
      ];
    case "claims":
      return [];
  }
}

/** Reply that an example shows. */
export function exampleReply(
  scale: JudgeScale,
  { reasoning, value }: JudgeConfig["examples"][number],
): string {
  // A judge of claims is told the outcome only: the claims of the example are not in the judge file.
  if (scale.kind !== "claims") return JSON.stringify({ reasoning, verdict: value });
  const outcome = value === CLAIMS.pass ? "nothing counts against the answer" : "a claim counts against it";
  return `As a whole: ${outcome}. ${reasoning}`;
}
