import type { Json } from "../../core/hash.js";
import { contentWords } from "../text.js";
import type { ClaimVerdict } from "./claim-verdicts.js";
import {
  claimsOf,
  givesOtherFigures,
  plainSentences,
  type Sentence,
  sentenceOf,
  supports,
} from "./claims.js";

/** An answer and what stands behind it: the part of a trace that is compared. */
interface AnsweredFrom {
  readonly answer: string | null;
  readonly transcript: readonly { readonly role: string; readonly text: string }[];
  readonly toolCalls: readonly {
    readonly name: string;
    readonly arguments: Json;
    readonly result: string | null;
    readonly isError: boolean;
  }[];
  readonly retrievals: readonly {
    readonly chunks: readonly { readonly title?: string; readonly text?: string }[];
  }[];
}

interface Passage {
  readonly words: ReadonlySet<string>;
  readonly sentences: readonly Sentence[];
}

/** The same passages come back in trial after trial: their words are kept while there are few. */
const passagesByText = new Map<string, Passage>();
const MAX_KEPT_PASSAGES = 512;

function passageOf(title: string, text: string): Passage {
  const whole = `${title}\n${text}`;
  const known = passagesByText.get(whole);
  if (known !== undefined) return known;
  if (passagesByText.size >= MAX_KEPT_PASSAGES) passagesByText.clear();
  const passage = { words: contentWords(whole), sentences: plainSentences(text).map(sentenceOf) };
  passagesByText.set(whole, passage);
  return passage;
}

/**
 * Words of what was done and said: results of tool calls, names and arguments of the calls that succeeded, and
 * the user's messages. Pooled, because an answer about an action draws on several of them.
 */
function recordOf(trace: AnsweredFrom): ReadonlySet<string> {
  const texts = trace.transcript.filter(({ role }) => role === "user").map(({ text }) => text);
  for (const call of trace.toolCalls) {
    if (call.result === null) continue;
    texts.push(call.result);
    if (!call.isError) texts.push(call.name, JSON.stringify(call.arguments));
  }
  return contentWords(texts.join("\n"));
}

function haveSameWords(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const word of a) if (!b.has(word)) return false;
  return true;
}

/** Whether the passages state the claim word for word, but for a "not" on one side, and nowhere as it is. */
function isDenied(claim: Sentence, passages: readonly Passage[]): boolean {
  let isDenied = false;
  for (const { sentences } of passages) {
    for (const { core, isNegated } of sentences) {
      if (!haveSameWords(core, claim.core)) continue;
      if (isNegated === claim.isNegated) return false;
      isDenied = true;
    }
  }
  return isDenied;
}

/** Whether the agent read anything that a claim could be checked against. */
export function hasEvidence(trace: Pick<AnsweredFrom, "retrievals" | "toolCalls">): boolean {
  return trace.retrievals.length > 0 || trace.toolCalls.some((call) => call.result !== null);
}

/**
 * Verdicts on the claims of an answer by comparison of words, without a judge.
 *
 * - supported: one retrieved chunk, or (where tools were called) the record of calls, results and user messages,
 *   holds at least 70 % of the claim's content words and all its numbers;
 * - contradicted: a sentence of a retrieved chunk holds 70 % of its other words with other numbers, or all of its
 *   words and no others, and only one of the two is negated;
 * - unsupported: neither.
 *
 * It sees invented content, not a meaning turned round in other words, and misses support for figures that were
 * computed.
 */
export function lexicalVerdicts(trace: AnsweredFrom): ClaimVerdict[] {
  const claims = claimsOf(trace.answer ?? "");
  if (claims.length === 0) return [];
  const chunks = trace.retrievals.flatMap((retrieval) =>
    retrieval.chunks.map(({ title = "", text = "" }) => passageOf(title, text)),
  );
  const evidence = chunks.map(({ words }) => words);
  if (trace.toolCalls.some((call) => call.result !== null)) evidence.push(recordOf(trace));
  return claims.map((claim) => ({ claim: claim.text, verdict: verdictOn(claim) }));

  function verdictOn(claim: Sentence): ClaimVerdict["verdict"] {
    if (isDenied(claim, chunks)) return "contradicted";
    if (evidence.some((words) => supports(words, claim.words))) return "supported";
    const isContradicted = chunks.some(({ sentences }) =>
      sentences.some(({ words }) => givesOtherFigures(words, claim.words)),
    );
    return isContradicted ? "contradicted" : "unsupported";
  }
}
