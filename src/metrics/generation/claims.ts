import { contentWords, normaliseText, sentencesOf } from "../text.js";
import { sentenceDeclines } from "./refusal.js";

/** Share of a sentence's content words that a passage must hold for the sentence to count as supported. */
const SUPPORT_THRESHOLD = 0.7;
/** A sentence with fewer content words claims nothing that could be checked. */
const MIN_CONTENT_WORDS = 3;
const COURTESY =
  /^(?:let me know|please (?:let me|confirm|provide|tell|share|specify|give|send|reply|clarify|choose)|(?:please )?(?:feel free|don't hesitate|do not hesitate)|i hope|thanks?\b|thank you|hello|hi\b|hey\b|you're (?:very )?welcome|sorry\b|i'm sorry|i apologi[sz]e|i understand|no problem|take your time|have a|safe travels|enjoy|take care|good luck|sure\b[^.]*$|of course\b[^.]*$|happy to|glad to|if (?:you|there)(?:'s| is| are| have| need|'re)? (?:any|more|further|anything))/;
/** What the agent did not do, or means to do, has left no text behind that could support it. */
const OWN_PLAN = /\b(?:i|we)(?:'ll| will| won't| am going to| have not| haven't| did not| didn't)\b/;
const NEGATION = /\b(?:not|no|never|none|nor|neither|without|cannot|can't|won't|shan't)\b|n't\b/g;
/** Every negation holds one of these; most sentences do not. */
const MAY_NEGATE = /\bn[oe]|not\b|out\b|n['\u2019]t/i;
const NUMBER = /^\d+$/;

/** A sentence with its distinct content words. */
export interface Sentence {
  readonly text: string;
  readonly words: ReadonlySet<string>;
  /** The words but for negations. */
  readonly core: ReadonlySet<string>;
  readonly isNegated: boolean;
}

/** Sentences of a text, its `[citations]` and Markdown marks left out. */
export function plainSentences(text: string): string[] {
  return sentencesOf(text.replace(/\[[^[\]\n]*\](?!\()/g, " ").replace(/[*_`#>|]+/g, " "));
}

/**
 * Sentences that state something about the world: no question, lead-in to a list, refusal, courtesy or request,
 * no plan or denial of an act of the agent's own, and at least three content words.
 */
export function claimsOf(answer: string): Sentence[] {
  const claims: Sentence[] = [];
  for (const text of plainSentences(answer)) {
    const normal = normaliseText(text);
    if (/[?:]$/.test(normal) || COURTESY.test(normal) || OWN_PLAN.test(normal)) continue;
    if (sentenceDeclines(text)) continue;
    const claim = sentenceOf(text);
    if (claim.words.size >= MIN_CONTENT_WORDS) claims.push(claim);
  }
  return claims;
}

/** The words of a sentence. */
export function sentenceOf(text: string): Sentence {
  const words = contentWords(text);
  if (!MAY_NEGATE.test(text)) return { text, words, core: words, isNegated: false };
  const normal = normaliseText(text);
  const negations = normal.match(NEGATION)?.length ?? 0;
  const core = negations === 0 ? words : contentWords(normal.replace(NEGATION, " "));
  return { text, words, core, isNegated: negations % 2 === 1 };
}

/** Whether a passage holds enough of a sentence's content words, and all of its numbers. */
export function supports(passage: ReadonlySet<string>, words: ReadonlySet<string>): boolean {
  let held = 0;
  for (const word of words) {
    if (passage.has(word)) held++;
    else if (NUMBER.test(word)) return false;
  }
  return held >= SUPPORT_THRESHOLD * words.size;
}

/**
 * Whether a sentence of a passage gives other figures for what a claim says: it holds enough of the claim's other
 * words, and numbers, but not all of the claim's.
 */
export function givesOtherFigures(sentence: ReadonlySet<string>, words: ReadonlySet<string>): boolean {
  let others = 0;
  let held = 0;
  let isNumberMissing = false;
  for (const word of words) {
    if (NUMBER.test(word)) {
      if (!sentence.has(word)) isNumberMissing = true;
      continue;
    }
    others++;
    if (sentence.has(word)) held++;
  }
  if (!isNumberMissing || held < 2 || held < SUPPORT_THRESHOLD * others) return false;
  for (const word of sentence) if (NUMBER.test(word) && !words.has(word)) return true;
  return false;
}
