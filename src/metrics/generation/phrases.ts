import type { Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { normaliseText } from "../text.js";

/** Phrases of the list that the final answer lacks, compared without regard to case and white space. */
export function missingPhrases(phrases: readonly string[], trace: Trace): string[] {
  const answer = normaliseText(trace.answer ?? "");
  return phrases.filter((phrase) => !answer.includes(normaliseText(phrase)));
}

/** Phrases of the list that occur in a text, compared without regard to case and white space. */
export function phrasesIn(phrases: readonly string[], text: string): string[] {
  const normal = normaliseText(text);
  return phrases.filter((phrase) => phrase.trim() !== "" && normal.includes(normaliseText(phrase)));
}

function quoteAll(phrases: readonly string[]): string {
  return phrases.map((phrase) => JSON.stringify(phrase)).join(", ");
}

/** Share of the expected phrases in the final answer; a trial without an answer scores 0. */
export const mustInclude: CaseMetric = caseMetric({
  name: "must_include",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the phrases that the case expects which the final answer contains, case and white space aside.",
  needs: ["expect.must_include in the case"],
  source: "substring match of the normalised texts",
  range: "0 to 1",
  rules: {
    empty: "A case without `expect.must_include`: no score. No answer, or an empty one: 0.",
    refusal: "A refusal is searched like any other text.",
    unsupportedClaim: null,
  },
  agreesWith:
    "promptfoo `icontains-all` where every phrase is found; it gives 0 where any is missing, this the share, and white space does not count here",
  aggregate: "mean",
  score: ({ goldenCase, trace }) => {
    const phrases = goldenCase.expect.mustInclude;
    if (phrases.length === 0) return unscored("the case states no phrases to include");
    const missing = missingPhrases(phrases, trace);
    if (missing.length === 0) return scored(1);
    return scored(1 - missing.length / phrases.length, `missing: ${quoteAll(missing)}`);
  },
});

/** 1 when the final answer holds none of the forbidden phrases, else 0; no answer holds none. */
export const mustExclude: CaseMetric = caseMetric({
  name: "must_exclude",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description: "Share of trials whose final answer contains none of the phrases that the case forbids.",
  needs: ["expect.must_not_include in the case"],
  source: "substring match of the normalised texts",
  range: "0 or 1 a trial",
  rules: {
    empty:
      "A case without `expect.must_not_include`: no score. No answer, or an empty one, contains nothing: 1.",
    refusal: "A refusal is searched like any other text.",
    unsupportedClaim: null,
  },
  agreesWith: "no peer",
  aggregate: "proportion",
  score: ({ goldenCase, trace }) => {
    const phrases = goldenCase.expect.mustNotInclude;
    if (phrases.length === 0) return unscored("the case states no phrases to exclude");
    const found = phrasesIn(phrases, trace.answer ?? "");
    return found.length === 0 ? scored(1) : scored(0, `found: ${quoteAll(found)}`);
  },
});
