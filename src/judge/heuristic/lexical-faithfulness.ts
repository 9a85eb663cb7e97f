import type { JudgeConfig } from "../../config/judge/judge-schema.js";
import type { Subject } from "../../core/judgement.js";
import { plainSentences, type Sentence, sentenceOf, supports } from "../../metrics/generation/claims.js";
import { hasEvidence, lexicalVerdicts } from "../../metrics/generation/lexical-verdicts.js";
import { textDeclines } from "../../metrics/generation/refusal.js";
import { excerpt } from "../../metrics/text.js";

/** A score in [0, 1] with what it rests on; `null` when there is nothing to compare. */
export interface ScoredText {
  readonly score: number | null;
  readonly reasoning: string;
}

/**
 * Share of the answer's claims that the documents or the tool results support, by the words that they share: the
 * metric `faithfulness` on what a judge is shown. It is stricter in one thing: a claim is not supported either when
 * every document sentence that holds its words is negated and the claim is not, or the other way round.
 *
 * @param reads - documents, tools, question and conversation count only when the judge reads them
 * @returns score `null` without an answer, for a refusal, without a claim, and without a document or tool result
 */
export function lexicalFaithfulness(subject: Subject, reads: JudgeConfig["reads"]): ScoredText {
  const { answer } = subject;
  if (answer === null) return { score: null, reasoning: "there is no answer" };
  const evidence = evidenceOf(subject, reads);
  if (!hasEvidence(evidence)) {
    return { score: null, reasoning: "no document or tool result to check against" };
  }
  if (textDeclines(answer)) return { score: null, reasoning: "the answer declines, so it claims nothing" };
  const verdicts = lexicalVerdicts({ ...evidence, answer });
  if (verdicts.length === 0) return { score: null, reasoning: "the answer claims nothing" };
  const sentences = evidence.retrievals.flatMap(({ chunks }) =>
    chunks.flatMap(({ text }) => plainSentences(text).map(sentenceOf)),
  );
  const unsupported = verdicts.filter(
    ({ claim, verdict }) => verdict !== "supported" || isTurnedRound(sentenceOf(claim), sentences),
  );
  const supported = verdicts.length - unsupported.length;
  const told = unsupported[0] === undefined ? "" : `; not "${excerpt(unsupported[0].claim)}"`;
  return {
    score: supported / verdicts.length,
    reasoning: `supported claims: ${supported} of ${verdicts.length}${told}`,
  };
}

function evidenceOf(subject: Subject, reads: JudgeConfig["reads"]) {
  const said = [
    ...(reads.includes("conversation") ? subject.conversation : []),
    ...(reads.includes("question") && subject.question !== null
      ? [{ role: "user", text: subject.question }]
      : []),
  ];
  const documents = reads.includes("documents") ? subject.documents : [];
  return {
    transcript: said,
    toolCalls: reads.includes("tools") ? subject.tools : [],
    retrievals: documents.map(({ title, text }) => ({ chunks: [{ title: title ?? "", text }] })),
  };
}

function isTurnedRound(claim: Sentence, sentences: readonly Sentence[]): boolean {
  const alike = sentences.filter(({ core }) => supports(core, claim.core));
  return alike.length > 0 && alike.every(({ isNegated }) => isNegated !== claim.isNegated);
}
