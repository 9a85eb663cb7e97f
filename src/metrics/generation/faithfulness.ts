import type { Score } from "../../core/score.js";
import type { Trace } from "../../core/trace.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric, MetricRules, ScoredInput } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { excerpt } from "../text.js";
import { type ClaimShares, type ClaimVerdict, faithfulnessOf } from "./claim-verdicts.js";
import { hasEvidence, lexicalVerdicts } from "./lexical-verdicts.js";
import { agentDeclined } from "./refusal.js";

const needs = ["an answer that claims something", "a retrieval or a tool result in the trace"];

const rules = (unsupportedClaim: string): MetricRules => ({
  empty:
    "No claim in the answer, no answer, or nothing read to check against: no score. A retrieval that found nothing supports nothing.",
  refusal: "A refusal claims nothing: no score.",
  unsupportedClaim,
});

/** Three metrics read the same verdicts. */
const verdictsByTrace = new WeakMap<Trace, readonly ClaimVerdict[]>();

function verdictsOf(trace: Trace): readonly ClaimVerdict[] {
  let verdicts = verdictsByTrace.get(trace);
  if (verdicts === undefined) {
    verdicts = lexicalVerdicts(trace);
    verdictsByTrace.set(trace, verdicts);
  }
  return verdicts;
}

function scoreShare(
  { trial, trace }: ScoredInput,
  share: (shares: ClaimShares) => number,
  wrong: readonly ClaimVerdict["verdict"][],
): Score {
  if (trace.answer === null) return unscored("the agent gave no answer");
  if (agentDeclined(trial, trace)) return unscored("the agent declined, so it claimed nothing");
  if (!hasEvidence(trace)) return unscored("no retrieved text or tool result to check against");
  const verdicts = verdictsOf(trace);
  const shares = faithfulnessOf(verdicts);
  if (shares === null) return unscored("the answer claims nothing");
  const first = verdicts.find(({ verdict }) => wrong.includes(verdict));
  return scored(share(shares), first && `${first.verdict}: "${excerpt(first.claim)}"`);
}

/** Share of the claims in the final answer that what the agent read supports, by {@link lexicalVerdicts}. */
export const faithfulness: CaseMetric = caseMetric({
  name: "faithfulness",
  layer: "generation",
  unit: "proportion",
  direction: "higher",
  description:
    "Share of the answer's claims that a retrieved chunk, or the record of tool calls, supports: at least 70 % of the content words and every number. Lexical, without a judge.",
  needs,
  source: "faithfulness of ragas (supported claims over claims), with word coverage in place of a judge",
  range: "0 to 1",
  rules: rules("Counts as not faithful, contradicted or not: `claims.contradicted` tells them apart."),
  agreesWith:
    "ragas: an unsupported claim counts 0, and no claims give no number; DeepEval differs: it counts an unsupported claim as faithful unless `penalize_ambiguous_claims`, and gives 1 without claims; autoevals gives 0 without claims",
  aggregate: "mean",
  score: (input) => scoreShare(input, ({ supported }) => supported, ["contradicted", "unsupported"]),
});

/** Share of the claims that what the agent read contradicts, by {@link lexicalVerdicts}. */
export const contradictedClaims: CaseMetric = caseMetric({
  name: "claims.contradicted",
  layer: "generation",
  unit: "proportion",
  direction: "lower",
  description:
    "Share of the answer's claims for which a retrieved sentence gives other figures, or says the same with or without a negation. Lexical, without a judge.",
  needs,
  source: "the contradicted part of faithfulness; retrieved sentences, not tool results, are compared",
  range: "0 to 1",
  rules: rules("Counts only if it is contradicted."),
  agreesWith:
    "no peer; DeepEval's faithfulness is 1 minus a judge's share of contradicted claims unless `penalize_ambiguous_claims`",
  aggregate: "mean",
  score: (input) => scoreShare(input, ({ contradicted }) => contradicted, ["contradicted"]),
});

/** Share of the claims that what the agent read neither supports nor contradicts, by {@link lexicalVerdicts}. */
export const unsupportedClaims: CaseMetric = caseMetric({
  name: "claims.unsupported",
  layer: "generation",
  unit: "proportion",
  direction: "lower",
  description:
    "Share of the answer's claims that what the agent read neither supports nor contradicts: made up, or drawn from elsewhere. Lexical, without a judge.",
  needs,
  source: "the remainder of faithfulness after supported and contradicted claims",
  range: "0 to 1",
  rules: rules("Counts, unless it is contradicted."),
  agreesWith: "no peer",
  aggregate: "mean",
  score: (input) => scoreShare(input, ({ unsupported }) => unsupported, ["unsupported"]),
});
