import type { Expectation } from "../../core/golden-case.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { contentWords, excerpt } from "../text.js";
import { plainSentences, supports } from "./claims.js";
import { missingPhrases } from "./phrases.js";

interface KeyPoint {
  readonly text: string;
  readonly words: ReadonlySet<string>;
}

/** Sentences of the reference that say something: a point of one content word counts, as lists have such. */
function keyPointsOf({ answer }: Expectation): KeyPoint[] {
  if (answer === null) return [];
  return plainSentences(answer)
    .map((text) => ({ text, words: contentWords(text) }))
    .filter(({ words }) => words.size > 0);
}

/**
 * Share of what the case wants said that the final answer says: each phrase to include, and each sentence of the
 * reference answer, which is said when the answer holds at least 70 % of its content words and all its numbers.
 */
export const completeness: CaseMetric = caseMetric({
  name: "completeness",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the phrases to include and of the reference answer's sentences that the answer holds; a sentence by 70 % of its content words and every number.",
  needs: ["expect.must_include or expect.answer in the case"],
  source: "recall of key points, phrases by substring and sentences by word coverage",
  range: "0 to 1",
  rules: {
    empty: "Nothing to say in the case: no score. No answer of the agent, or an empty one: 0.",
    refusal: "A refusal is read like any other text, so it lacks what the case wants said.",
    unsupportedClaim: "Makes no difference: what is said beyond the reference does not count.",
  },
  agreesWith: "no peer",
  aggregate: "mean",
  score: ({ goldenCase, trace }) => {
    const { expect } = goldenCase;
    if (expect.answer === null && expect.mustInclude.length === 0) {
      return unscored("the case states no phrases and no reference answer");
    }
    const points = keyPointsOf(expect);
    const total = points.length + expect.mustInclude.length;
    if (total === 0) return unscored("the reference answer has no content words");
    const said = contentWords(trace.answer ?? "");
    const missing = [
      ...missingPhrases(expect.mustInclude, trace),
      ...points.filter(({ words }) => !supports(said, words)).map(({ text }) => text),
    ];
    if (missing.length === 0) return scored(1);
    return scored(1 - missing.length / total, `missing: "${excerpt(missing[0]!)}"`);
  },
});
