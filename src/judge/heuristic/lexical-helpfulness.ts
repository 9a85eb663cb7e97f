import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Subject } from "../../core/judgement.js";
import { textDeclines } from "../../metrics/generation/refusal.js";
import { contentWords } from "../../metrics/text.js";
import type { ScoredText } from "./lexical-faithfulness.js";

/**
 * Share of the question's distinct content words that the answer takes up, as the metric `answer_relevance`; an empty
 * answer and a refusal get 0. It says that an answer is about the question, not that it is right, and a longer answer
 * takes up more words: a bias that calibration measures.
 *
 * @param reads - the question counts only when the judge reads it
 * @returns score `null` without an answer, and without a question that has content words
 */
export function lexicalHelpfulness(
  { question, answer }: Pick<Subject, "question" | "answer">,
  reads: JudgeConfig["reads"],
): ScoredText {
  if (answer === null) return { score: null, reasoning: "there is no answer" };
  const asked = contentWords(reads.includes("question") ? (question ?? "") : "");
  if (asked.size === 0) return { score: null, reasoning: "no question to compare with" };
  if (answer.trim() === "") return { score: 0, reasoning: "the answer is empty" };
  if (textDeclines(answer)) return { score: 0, reasoning: "the answer declines" };
  const answered = contentWords(answer);
  const shared = [...asked].filter((word) => answered.has(word)).length;
  return {
    score: shared / asked.size,
    reasoning: `words of the question in the answer: ${shared} of ${asked.size}`,
  };
}
