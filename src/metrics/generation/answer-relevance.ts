import type { CaseInput } from "../../core/golden-case.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { contentWords } from "../text.js";
import { agentDeclined } from "./refusal.js";

/** What the user asked last; `null` for a user that goes on talking, where there is no single question. */
function questionOf(input: CaseInput): string | null {
  if (input.kind === "text") return input.text;
  if (input.kind === "messages") {
    return input.messages.findLast((message) => message.role === "user")?.content ?? null;
  }
  return null;
}

/**
 * Share of the question's distinct content words that the final answer takes up. A lexical sign that the
 * answer is about the question, not that it is right; read it beside faithfulness.
 */
export const answerRelevance: CaseMetric = caseMetric({
  name: "answer_relevance",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the question's content words that the answer takes up: a lexical sign that the answer is on topic, not that it is right.",
  needs: ["a single question", "an answer that does not decline"],
  source: "word overlap after cutting English endings; in place of the embedding similarity of ragas",
  range: "0 to 1",
  rules: {
    empty:
      "No single question, a question without content words, or no answer: no score. An empty answer: 0.",
    refusal: "A refusal answers nothing that could be compared: no score.",
    unsupportedClaim: "Makes no difference: an invented answer can be on topic.",
  },
  agreesWith:
    "no peer: ragas, DeepEval and promptfoo ask a model whether the answer addresses the question, another number",
  aggregate: "mean",
  score: ({ goldenCase, trial, trace }) => {
    const question = questionOf(goldenCase.input);
    if (question === null) return unscored("a conversation has no single question");
    if (trace.answer === null) return unscored("the agent gave no answer");
    if (agentDeclined(trial, trace)) return unscored("the agent declined, so there is no answer to compare");
    const asked = contentWords(question);
    if (asked.size === 0) return unscored("the question has no content words");
    const answered = contentWords(trace.answer);
    let shared = 0;
    for (const word of asked) if (answered.has(word)) shared++;
    return scored(shared / asked.size);
  },
});
