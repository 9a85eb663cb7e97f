import type { CaseMetric } from "../metric.js";
import { countsOf, sharedCount } from "./n-grams.js";
import { f1, referenceMetric } from "./reference.js";

const PUNCTUATION = /[\p{P}$+<=>^`|~]/gu;
const ARTICLE = /(?<![\p{L}\p{M}\p{N}])(?:a|an|the)(?![\p{L}\p{M}\p{N}])/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/**
 * A text as SQuAD's scorer compares it: lower case, punctuation deleted, English articles cut, single spaces. On
 * ASCII text equal to that scorer's; beyond, compatibility forms are folded (NFKC) and all Unicode punctuation goes.
 *
 * @see Rajpurkar et al. 2018, evaluation script of SQuAD 2.0
 */
export function squadText(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(PUNCTUATION, "")
    .replace(ARTICLE, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function squadTokens(text: string): string[] {
  const spaced = squadText(text).replace(UNSPACED, " $& ").trim();
  return spaced === "" ? [] : spaced.split(/\s+/);
}

/**
 * Token F1 of SQuAD 2.0: shared tokens, each as often as both texts hold it, against the tokens of both. 1 when
 * neither text has a token, 0 when one has none.
 */
export function tokenF1(answer: string, reference: string): number {
  const found = squadTokens(answer);
  const wanted = squadTokens(reference);
  if (found.length === 0 || wanted.length === 0) return found.length === wanted.length ? 1 : 0;
  return f1(sharedCount(countsOf(found, 1), countsOf(wanted, 1)), found.length, wanted.length);
}

/** 1 when the final answer is the reference answer, character for character, else 0. */
export const exactMatch: CaseMetric = referenceMetric(
  {
    name: "exact_match",
    description: "Share of trials whose final answer is the reference answer, character for character.",
    source: "string equality; white space and case count",
    range: "0 or 1 a trial",
    emptyReference: "An empty answer matches an empty reference: 1.",
    agreesWith: "promptfoo `equals` on texts without `normalizeUnicode`",
    aggregate: "proportion",
  },
  (answer, reference) => (answer === reference ? 1 : 0),
);

/** 1 when answer and reference are the same after SQuAD's normalisation, else 0. */
export const normalisedMatch: CaseMetric = referenceMetric(
  {
    name: "normalised_match",
    description:
      "Share of trials whose final answer equals the reference answer, case, punctuation, English articles and white space aside.",
    source: "exact match of the SQuAD 2.0 scorer (Rajpurkar et al. 2018)",
    range: "0 or 1 a trial",
    emptyReference: "Two texts of which nothing is left match: 1.",
    agreesWith: "no peer",
    aggregate: "proportion",
  },
  (answer, reference) => (squadText(answer) === squadText(reference) ? 1 : 0),
);

/** Token F1 of the final answer against the reference answer. */
export const tokenF1Score: CaseMetric = referenceMetric(
  {
    name: "token_f1",
    description:
      "Overlap of the answer's and the reference answer's words: harmonic mean of precision and recall over tokens, repeated ones counted.",
    source:
      "F1 of the SQuAD 2.0 scorer (Rajpurkar et al. 2018); scripts written without spaces go by character",
    emptyReference: "Two texts of which nothing is left: 1; one of them: 0.",
    agreesWith: "no peer",
  },
  tokenF1,
);
