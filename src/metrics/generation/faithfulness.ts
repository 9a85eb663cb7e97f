import type { Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { contentWords, excerpt, normaliseText, sentencesOf } from "../text.js";
import { agentDeclined, sentenceDeclines } from "./refusal.js";

/** Share of a sentence's content words that one passage must hold for the sentence to count as supported. */
export const SUPPORT_THRESHOLD = 0.7;
/** A sentence with fewer content words claims nothing that could be checked. */
const MIN_CONTENT_WORDS = 3;
const COURTESY =
  /^(?:let me know|please (?:let me|confirm|provide|tell|share|specify|give|send|reply|clarify|choose)|feel free|i hope|thanks?\b|thank you|hello|hi\b|hey\b|you're welcome|sorry\b|i'm sorry|i apologi[sz]e|sure\b[^.]*$|of course\b[^.]*$|happy to|glad to|if you (?:have|need) (?:any|more|further))/;
/** That something was not done leaves no text behind that could support it. */
const DENIAL = /\b(?:i|we) (?:have not|haven't|did not|didn't|will not|won't)\b/;

/** The same passages come back in trial after trial: their words are kept while there are few. */
const wordsByText = new Map<string, ReadonlySet<string>>();
const MAX_KEPT_PASSAGES = 512;

function wordsOf(text: string): ReadonlySet<string> {
  const known = wordsByText.get(text);
  if (known !== undefined) return known;
  if (wordsByText.size >= MAX_KEPT_PASSAGES) wordsByText.clear();
  const words = contentWords(text);
  wordsByText.set(text, words);
  return words;
}

/** What the agent had read when it answered: the text of each retrieved chunk and each tool result. */
function passagesOf(trace: Trace): ReadonlySet<string>[] {
  const passages: ReadonlySet<string>[] = [];
  for (const retrieval of trace.retrievals) {
    for (const chunk of retrieval.chunks) passages.push(wordsOf(`${chunk.title}\n${chunk.text}`));
  }
  for (const call of trace.toolCalls) {
    if (call.result !== null) passages.push(wordsOf(call.result));
  }
  return passages;
}

/**
 * Sentences that state something about the world: no question, refusal, courtesy, request or denial of an act
 * of the agent's own, and at least three content words.
 */
function claimsOf(answer: string): string[] {
  const plain = answer.replace(/\[[^[\]\n]*\](?!\()/g, " ").replace(/[*_`#>|]+/g, " ");
  return sentencesOf(plain).filter((sentence) => {
    const normal = normaliseText(sentence);
    return (
      !normal.endsWith("?") &&
      !COURTESY.test(normal) &&
      !DENIAL.test(normal) &&
      !sentenceDeclines(sentence) &&
      contentWords(sentence).size >= MIN_CONTENT_WORDS
    );
  });
}

/** Whether one passage holds enough of the sentence's words, and all of its numbers. */
function isSupported(sentence: string, passages: readonly ReadonlySet<string>[]): boolean {
  const words = contentWords(sentence);
  const numbers = [...words].filter((word) => /^\d+$/.test(word));
  return passages.some((passage) => {
    if (numbers.some((number) => !passage.has(number))) return false;
    let held = 0;
    for (const word of words) if (passage.has(word)) held++;
    return held >= SUPPORT_THRESHOLD * words.size;
  });
}

/**
 * Share of the claims in the final answer that what the agent read supports. A claim (sentence) is supported
 * when a single retrieved chunk or tool result holds at least 70 % of its content words and all its numbers.
 * Lexical: it sees invented content, not a "not" that was left out; a judge is the stronger check.
 */
export const faithfulness: CaseMetric = caseMetric({
  name: "faithfulness",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the answer's sentences that one retrieved chunk or tool result supports: at least 70 % of the content words and every number. Lexical, without a judge.",
  needs: ["an answer that claims something", "a retrieval or a tool result in the trace"],
  source: "faithfulness of ragas (supported claims over claims), with word coverage in place of a judge",
  aggregate: "mean",
  score: ({ trial, trace }) => {
    if (trace.answer === null) return unscored("the agent gave no answer");
    if (agentDeclined(trial, trace)) return unscored("the agent declined, so it claimed nothing");
    const passages = passagesOf(trace);
    if (trace.retrievals.length === 0 && passages.length === 0) {
      return unscored("no retrieved text or tool result to check against");
    }
    const claims = claimsOf(trace.answer);
    if (claims.length === 0) return unscored("the answer claims nothing");
    const unsupported = claims.filter((claim) => !isSupported(claim, passages));
    if (unsupported.length === 0) return scored(1);
    return scored(1 - unsupported.length / claims.length, `unsupported: "${excerpt(unsupported[0]!)}"`);
  },
});
