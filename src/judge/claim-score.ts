import type { Score } from "../core/score.js";
import { type ClaimVerdict, faithfulnessOf } from "../metrics/generation/claim-verdicts.js";
import { scored, unscored } from "../metrics/scores.js";
import { excerpt } from "../metrics/text.js";
import { JUDGE_CORRECTNESS, JUDGE_FAITHFULNESS } from "./claim-metrics.js";
import type { JudgedClaim } from "./claim-reply.js";

/** Claims told in the detail of a score; the others are counted. */
const MOST_TOLD = 8;
const GOOD = new Set(["supported", "relevant"]);

/**
 * The score that a judge's verdicts give.
 *
 * @param claims - with verdicts of the question that gives `metric`
 * @param evidence - texts that quotes are looked up in; a quote that stands in none is told in the detail
 * @returns no score without a claim
 */
export function claimScore(
  metric: string,
  claims: readonly JudgedClaim[],
  evidence: readonly string[],
): Score {
  const value = scoreValue(metric, claims);
  if (value === null) return unscored("the judge found no claim");
  return scored(value, detailOf(claims, evidence));
}

function scoreValue(metric: string, claims: readonly JudgedClaim[]): number | null {
  if (claims.length === 0) return null;
  const count = (verdict: string) => claims.filter((one) => one.verdict === verdict).length;
  if (metric === JUDGE_FAITHFULNESS) {
    return faithfulnessOf(claims as readonly ClaimVerdict[])?.supported ?? null;
  }
  if (metric === JUDGE_CORRECTNESS) {
    const right = count("supported");
    return right / (right + (count("unsupported") + count("missing")) / 2);
  }
  return count("relevant") / claims.length;
}

/** What counts against the answer comes first. */
function detailOf(claims: readonly JudgedClaim[], evidence: readonly string[]): string {
  const ordered = [...claims].sort((a, b) => Number(GOOD.has(a.verdict)) - Number(GOOD.has(b.verdict)));
  const told = ordered.slice(0, MOST_TOLD).map(({ claim, verdict }) => `${verdict}: "${excerpt(claim)}"`);
  const more = ordered.length > MOST_TOLD ? [`and ${ordered.length - MOST_TOLD} more`] : [];
  const invented = claims.filter(({ quote }) => quote !== "" && !standsIn(quote, evidence)).length;
  const warning = invented === 0 ? [] : [`quotes of the judge that stand in no text: ${invented}`];
  return [...told, ...more, ...warning].join("; ");
}

function standsIn(quote: string, texts: readonly string[]): boolean {
  const wanted = plain(quote);
  return texts.some((text) => plain(text).includes(wanted));
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
