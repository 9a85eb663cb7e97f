import { caseMetric } from "../metrics/case-metric.js";
import type { CaseMetric } from "../metrics/metric.js";
import { unscored } from "../metrics/scores.js";

export const JUDGE_FAITHFULNESS = "judge.faithfulness";
export const JUDGE_RELEVANCE = "judge.answer_relevance";
export const JUDGE_CORRECTNESS = "judge.correctness";

type Definition = Pick<CaseMetric, "name" | "description" | "needs" | "source" | "rules" | "agreesWith">;

/** A metric that a model gives: the definition alone, without a judge at hand. */
function judged(definition: Definition): CaseMetric {
  return caseMetric({
    ...definition,
    layer: "generation",
    unit: "proportion",
    direction: "higher",
    aggregate: "mean",
    range: "0 to 1",
    score: () => unscored("no judge was asked"),
  });
}

/** What `agentctl score --judge` can give. */
export const judgeMetrics: readonly CaseMetric[] = [
  judged({
    name: JUDGE_FAITHFULNESS,
    description:
      "Share of the answer's claims that a judge finds supported by what the agent read. Cannot pass a gate before its judge is calibrated.",
    needs: ["a judge", "an answer that does not decline", "a retrieval or a tool result in the trace"],
    source: "faithfulness of ragas: supported claims over claims, both found by a model",
    rules: {
      empty: "No claim found, no answer, nothing read, or no valid verdict of the judge: no score.",
      refusal: "A refusal claims nothing: no score.",
      unsupportedClaim:
        "Counts as not faithful, contradicted or not; the detail of the score tells them apart.",
    },
    agreesWith:
      "ragas: an unsupported claim counts 0, and no claims give no number; DeepEval differs: it counts an unsupported claim as faithful unless `penalize_ambiguous_claims`, and gives 1 without claims; autoevals gives 0 without claims",
  }),
  judged({
    name: JUDGE_RELEVANCE,
    description:
      "Share of the answer's statements that a judge finds to bear on the question. Cannot pass a gate before its judge is calibrated.",
    needs: ["a judge", "a question", "an answer that does not decline"],
    source: "answer relevancy of DeepEval: relevant statements over statements",
    rules: {
      empty: "No statement found, no answer, or no valid verdict of the judge: no score.",
      refusal: "No score: whether declining was right is `refusal_correctness`.",
      unsupportedClaim: "Makes no difference: a statement may be relevant and wrong.",
    },
    agreesWith:
      "DeepEval, but for an answer without statements, which it gives 1; ragas differs: it compares embeddings of questions made from the answer",
  }),
  judged({
    name: JUDGE_CORRECTNESS,
    description:
      "F1 of the answer's claims against the reference answer, by a judge: claims that the reference supports, claims that it does not, and claims of it that the answer lacks. Cannot pass a gate before its judge is calibrated.",
    needs: ["a judge", "an answer", "a reference answer in the case"],
    source: "factual part of answer correctness of ragas: TP / (TP + (FP + FN) / 2)",
    rules: {
      empty: "No claim found on either side, no answer, or no valid verdict of the judge: no score.",
      refusal: "A refusal is judged as an answer: it lacks what the reference says.",
      unsupportedClaim: "Counts as wrong: the reference is taken for the whole truth.",
    },
    agreesWith:
      "ragas without its part for similarity of meaning; autoevals' factuality differs: it grades five classes",
  }),
];

/** Names of {@link judgeMetrics}. */
export const judgeMetricNames: readonly string[] = judgeMetrics.map((metric) => metric.name);
