import type { Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { contentWords, excerpt, normaliseText, sentencesOf } from "../text.js";
import { agentDeclined, sentenceDeclines } from "./refusal.js";

/** Share of a sentence's content words that one passage must hold for the sentence to count as supported. */
const SUPPORT_THRESHOLD = 0.7;
/** A sentence with fewer content words claims nothing that could be checked. */
const MIN_CONTENT_WORDS = 3;
const COURTESY =
  /^(?:let me know|please (?:let me|confirm|provide|tell|share|specify|give|send|reply|clarify|choose)|(?:please )?(?:feel free|don't hesitate|do not hesitate)|i hope|thanks?\b|thank you|hello|hi\b|hey\b|you're (?:very )?welcome|sorry\b|i'm sorry|i apologi[sz]e|i understand|no problem|take your time|have a|safe travels|enjoy|take care|good luck|sure\b[^.]*$|of course\b[^.]*$|happy to|glad to|if (?:you|there)(?:'s| is| are| have| need|'re)? (?:any|more|further|anything))/;
/** What the agent did not do, or means to do, has left no text behind that could support it. */
const OWN_PLAN = /\b(?:i|we)(?:'ll| will| won't| am going to| have not| haven't| did not| didn't)\b/;

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

function chunksOf(trace: Trace): ReadonlySet<string>[] {
  return trace.retrievals.flatMap(({ chunks }) =>
    chunks.map(({ title, text }) => wordsOf(`${title}\n${text}`)),
  );
}

/**
 * Words of what was done and said: results of tool calls, names and arguments of the calls that succeeded, and
 * the user's messages. Pooled, because an answer about an action draws on several of them.
 */
function recordOf(trace: Trace): ReadonlySet<string> {
  const texts = trace.transcript.filter(({ role }) => role === "user").map(({ text }) => text);
  for (const call of trace.toolCalls) {
    if (call.result === null) continue;
    texts.push(call.result);
    if (!call.isError) texts.push(call.name, JSON.stringify(call.arguments));
  }
  return contentWords(texts.join("\n"));
}

/**
 * Sentences that state something about the world: no question, lead-in to a list, refusal, courtesy or request,
 * no plan or denial of an act of the agent's own, and at least three content words.
 */
function claimsOf(answer: string): string[] {
  const plain = answer.replace(/\[[^[\]\n]*\](?!\()/g, " ").replace(/[*_`#>|]+/g, " ");
  return sentencesOf(plain).filter((sentence) => {
    const normal = normaliseText(sentence);
    return (
      !/[?:]$/.test(normal) &&
      !COURTESY.test(normal) &&
      !OWN_PLAN.test(normal) &&
      !sentenceDeclines(sentence) &&
      contentWords(sentence).size >= MIN_CONTENT_WORDS
    );
  });
}

/** Whether a passage holds enough of the sentence's words, and all of its numbers. */
function supports(passage: ReadonlySet<string>, words: ReadonlySet<string>): boolean {
  let held = 0;
  for (const word of words) {
    if (passage.has(word)) held++;
    else if (/^\d+$/.test(word)) return false;
  }
  return held >= SUPPORT_THRESHOLD * words.size;
}

/**
 * Share of the claims in the final answer that what the agent read supports. A claim (sentence) is supported
 * when one retrieved chunk, or (where tools were called) the record of calls, results and user messages, holds
 * at least 70 % of its content words and all its numbers. Lexical: it sees invented content, not a "not" that
 * was left out, and it misses support for figures that were computed; a judge is the stronger check.
 */
export const faithfulness: CaseMetric = caseMetric({
  name: "faithfulness",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the answer's claims that a retrieved chunk, or the record of tool calls, supports: at least 70 % of the content words and every number. Lexical, without a judge.",
  needs: ["an answer that claims something", "a retrieval or a tool result in the trace"],
  source: "faithfulness of ragas (supported claims over claims), with word coverage in place of a judge",
  aggregate: "mean",
  score: ({ trial, trace }) => {
    if (trace.answer === null) return unscored("the agent gave no answer");
    if (agentDeclined(trial, trace)) return unscored("the agent declined, so it claimed nothing");
    const hasRecord = trace.toolCalls.some((call) => call.result !== null);
    if (trace.retrievals.length === 0 && !hasRecord) {
      return unscored("no retrieved text or tool result to check against");
    }
    const claims = claimsOf(trace.answer);
    if (claims.length === 0) return unscored("the answer claims nothing");
    const passages = hasRecord ? [...chunksOf(trace), recordOf(trace)] : chunksOf(trace);
    const unsupported = claims.filter((claim) => {
      const words = contentWords(claim);
      return !passages.some((passage) => supports(passage, words));
    });
    if (unsupported.length === 0) return scored(1);
    return scored(1 - unsupported.length / claims.length, `unsupported: "${excerpt(unsupported[0]!)}"`);
  },
});
