import type { CaseMetric } from "../metric.js";
import { countsOf, sharedCount } from "./n-grams.js";
import { type Comparison, referenceMetric } from "./reference.js";

const LONGEST_GRAM = 4;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/** Canonically equivalent spellings made one (NFC), words cut by a hyphen at the end of a line joined, entities read. */
function plainText(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll("-\n", "")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
}

/**
 * Tokens by the rules of mteval-v13a: symbols stand alone; a full stop or comma does unless between digits; a
 * hyphen does after a digit. Case is kept. Scripts written without spaces go by character.
 */
export function bleuTokens(text: string): string[] {
  const spaced = ` ${plainText(text)} `
    .replace(UNSPACED, " $& ")
    .replace(/[!-&(-+/:-@[-`{-~]/g, " $& ")
    .replace(/([^0-9])([.,])/g, "$1 $2 ")
    .replace(/([.,])([^0-9])/g, " $1 $2")
    .replace(/([0-9])(-)/g, "$1 $2 ")
    .trim();
  return spaced === "" ? [] : spaced.split(/\s+/);
}

/**
 * Sentence BLEU with up to 4-grams, brevity penalty and exponential smoothing (method 3 of Chen and Cherry 2014,
 * "NIST"): the i-th order without a match counts as 1 / 2^i matches. An answer shorter than four tokens is scored
 * on the orders that it has (effective order). 0 when no word is shared.
 *
 * @returns [0, 1]
 * @see Papineni et al. 2002; Post 2018 (sacreBLEU)
 */
export function bleuOfTokens(found: readonly string[], wanted: readonly string[]): number {
  const orders = Math.min(LONGEST_GRAM, found.length);
  let logSum = 0;
  let smoothing = 1;
  for (let n = 1; n <= orders; n++) {
    const shared = sharedCount(countsOf(found, n), countsOf(wanted, n));
    if (n === 1 && shared === 0) return 0;
    if (shared === 0) smoothing /= 2;
    logSum += Math.log((shared === 0 ? smoothing : shared) / (found.length - n + 1));
  }
  if (orders === 0) return 0;
  const brevity = found.length < wanted.length ? 1 - wanted.length / found.length : 0;
  return Math.exp(brevity + logSum / orders);
}

function compareBleu(answer: string, reference: string): Comparison {
  const wanted = bleuTokens(reference);
  if (wanted.length === 0) return { unscored: "the reference answer has no tokens" };
  return Math.min(1, bleuOfTokens(bleuTokens(answer), wanted));
}

/** Sentence BLEU of the final answer against the reference answer. */
export const bleu: CaseMetric = referenceMetric(
  {
    name: "bleu",
    description:
      "Sentence BLEU: geometric mean of the precision of 1- to 4-grams against the reference answer, times a penalty for brevity; mean over trials, not corpus BLEU.",
    source:
      "Papineni et al. 2002, tokens of mteval-v13a, exponential smoothing (method 3 of Chen and Cherry 2014), effective order as sacreBLEU's sentence score",
    emptyReference: "A reference without tokens: no score. No shared token: 0.",
    agreesWith:
      "nltk 3.8 `sentence_bleu` with smoothing method 3 and weights over the orders that the answer has; sacreBLEU's sentence BLEU, which states it as 0 to 100. promptfoo `bleu` is another number: lower-cased words, 1e-7 for an order without a match, another penalty for brevity",
  },
  compareBleu,
);
