import type { Trace } from "../../core/trace.js";
import type { Trial } from "../../core/trial.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { normaliseText, sentencesOf } from "../text.js";

const NOT_A_REFUSAL = "wait|stress|emphasi[sz]e|thank|recommend|overstate|imagine|agree|complain";
const DECLINED_ACT =
  "help|assist|comply|answer|share|provide|disclose|reveal|discuss|give|do (?:that|this|so)|process (?:that|this|your)|find|locate|verify|confirm|say|tell|offer|approve|make an exception|fulfil+|support (?:that|this)";
const MATERIAL =
  "documents?|documentation|handbook|knowledge base|sources?|context|polic(?:y|ies)|information|material|articles?";

/**
 * How English answers decline. A sentence declines when one of these matches it: "I can't …" (but not "I can't
 * wait"), "we cannot help …", "I'm unable to …", "I don't know / have that information", "I must decline",
 * "I found nothing", "no information was found", "is not covered in the documentation", "that is not something I can do".
 */
const REFUSALS: readonly RegExp[] = [
  new RegExp(
    `\\bi (?:\\w+ )?(?:can't|cannot|can not|won't|will not)(?! (?:\\w+ )?(?:${NOT_A_REFUSAL})\\b)(?= \\w|\\.|,|$)`,
  ),
  /\bi (?:could not|couldn't|did not|didn't|do not|don't) (?:find|see|locate) /,
  new RegExp(
    `\\bwe (?:\\w+ )?(?:can't|cannot|can not|won't|will not|could not|couldn't) (?:\\w+ )?(?:${DECLINED_ACT})\\b`,
  ),
  new RegExp(
    `\\b(?:i|we) (?:have )?found (?:nothing|no (?:\\w+ )?(?:${MATERIAL}|answer|results?|mention))\\b`,
  ),
  /\b(?:i|we)(?: am|'m| are|'re) (?:\w+ )?(?:unable|not able|not allowed|not permitted|not authori[sz]ed) to\b/,
  /\b(?:i|we) (?:\w+ )?(?:do not|don't) (?:\w+ )?know\b/,
  /\b(?:i|we) (?:\w+ )?(?:do not|don't|lack|have no) (?:\w+ ){0,4}?(?:information|details|data|access|documentation|authori[sz]ation|authority|permission|answer)\b/,
  /\b(?:i|we) (?:\w+ )?(?:must|have to|need to|will|respectfully) (?:\w+ )?(?:decline|refuse)\b|\b(?:i|we) (?:decline|refuse) to\b/,
  /\b(?:is|are|was|were)(?: not|n't) (?:something|anything) (?:that )?(?:i|we) (?:can|could|may)\b/,
  new RegExp(
    `\\bno (?:\\w+ )?(?:${MATERIAL}|answer) (?:\\w+ ){0,4}?(?:found|available|covers?|mentions?|answers?)\\b`,
  ),
  new RegExp(
    `\\b(?:not|n't) (?:\\w+ )?(?:covered|mentioned|found|answered|documented|contained|specified) (?:in|by) (?:\\w+ ){0,3}?(?:${MATERIAL})\\b`,
  ),
  new RegExp(
    `\\b(?:${MATERIAL}) (?:do not|does not|don't|doesn't) (?:\\w+ )?(?:cover|mention|say|answer|contain|specify)\\b`,
  ),
];

/** Sentences that may precede a refusal: greeting, sympathy, then the refusal itself. */
const SENTENCES_READ = 3;

/** Whether one sentence declines, by the patterns above. */
export function sentenceDeclines(sentence: string): boolean {
  const normal = normaliseText(sentence);
  return REFUSALS.some((pattern) => pattern.test(normal));
}

/**
 * Whether a text declines: one of its first three sentences does. A sentence with a `[citation]` that does not
 * decline ends the search, because what follows it qualifies an answer.
 */
export function textDeclines(text: string): boolean {
  for (const sentence of sentencesOf(text).slice(0, SENTENCES_READ)) {
    if (sentenceDeclines(sentence)) return true;
    if (/\[[^[\]]+\]/.test(sentence)) return false;
  }
  return false;
}

/**
 * Whether the agent declined: its final answer does, or a guardrail ended the conversation. A guardrail that
 * blocked a passage or a call on the way does not make the answer a refusal.
 */
export function agentDeclined(trial: Pick<Trial, "stopReason">, trace: Trace): boolean {
  if (trial.stopReason === "guardrail") return true;
  return trace.answer !== null && textDeclines(trace.answer);
}

/** 1 when the agent declined exactly when the case says it must, else 0. */
export const refusalCorrectness: CaseMetric = caseMetric({
  name: "refusal_correctness",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of trials in which the agent declined when the case expects it to, and did not when the case expects an answer.",
  needs: ["expect.refusal in the case"],
  source:
    "documented English refusal patterns on the first three sentences of the final answer, or a guardrail that ended the trial",
  range: "0 or 1 a trial",
  rules: {
    empty: "A case that does not state `expect.refusal`: no score. No answer at all is no refusal.",
    refusal: "1 where the case expects one, 0 where it expects an answer.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer; promptfoo `is-refusal` asserts that a text refuses, by its own patterns",
  aggregate: "proportion",
  score: ({ goldenCase, trial, trace }) => {
    const expected = goldenCase.expect.refusal;
    if (expected === null) return unscored("the case does not state whether to refuse");
    const declined = agentDeclined(trial, trace);
    if (declined === expected) return scored(1);
    return scored(0, expected ? "expected a refusal, came an answer" : "expected an answer, came a refusal");
  },
});
