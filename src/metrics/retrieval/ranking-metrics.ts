import type { Score } from "../../core/score.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric, ScoredInput } from "../metric.js";
import { scored, unscored } from "../scores.js";
import { retrievedDocuments } from "./retrieved-documents.js";

const needs = ["expect.sources in the case", "a retrieval in the trace"];

interface Ranking {
  /** For each retrieved document, best first, whether the case names it as a source. */
  readonly hits: readonly boolean[];
  /** Documents that the case names. */
  readonly relevant: number;
}

/** Scores the ranked documents; unscored when the case names no source or the agent never retrieved. */
function onRanking(compute: (ranking: Ranking) => number): (input: ScoredInput) => Score {
  return ({ goldenCase, trace }) => {
    if (goldenCase.expect.sources.length === 0) return unscored("the case states no sources");
    if (trace.retrievals.length === 0)
      return unscored("the agent retrieved nothing: no retrieval in the trace");
    const sources = new Set(goldenCase.expect.sources);
    const hits = retrievedDocuments(trace).map((document) => sources.has(document));
    return scored(compute({ hits, relevant: sources.size }));
  };
}

/** 1 when any document that the case names was retrieved, else 0. */
export const hitRate: CaseMetric = caseMetric({
  name: "retrieval.hit_rate",
  layer: "retrieval",
  unit: "proportion",
  direction: "higher",
  description: "Share of trials in which at least one expected source was among the retrieved documents.",
  needs,
  source: "success@k of trec_eval, over all documents retrieved in the trial",
  range: "0 or 1 a trial",
  rules: {
    empty:
      "A case without sources, or a trial without any retrieval: no score. A retrieval that found nothing: 0.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "trec_eval success@k",
  aggregate: "proportion",
  score: onRanking(({ hits }) => (hits.includes(true) ? 1 : 0)),
});

/** Mean precision at the ranks of the relevant documents retrieved; 0 when none was. */
export const contextPrecision: CaseMetric = caseMetric({
  name: "retrieval.context_precision",
  layer: "retrieval",
  unit: "score",
  direction: "higher",
  description:
    "Whether expected sources rank above other documents: precision averaged over the ranks of the expected sources that were retrieved; 0 when none was.",
  needs,
  source: "context precision of ragas and DeepEval, with the case's sources in place of a judge",
  range: "0 to 1",
  rules: {
    empty: "A case without sources, or a trial without any retrieval: no score. No source found: 0.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith:
    "ragas and DeepEval rank-weight in the same way; autoevals gives one verdict for the whole context",
  aggregate: "mean",
  score: onRanking(({ hits }) => {
    let found = 0;
    let sum = 0;
    hits.forEach((hit, index) => {
      if (!hit) return;
      found++;
      sum += found / (index + 1);
    });
    return found === 0 ? 0 : sum / found;
  }),
});

/** Expected sources among the first five documents, over all expected sources. */
export const recallAt5: CaseMetric = caseMetric({
  name: "retrieval.recall_at_5",
  layer: "retrieval",
  unit: "proportion",
  direction: "higher",
  description: "Share of the expected sources that are among the first 5 retrieved documents.",
  needs,
  source: "recall_5 of trec_eval",
  range: "0 to 1",
  rules: {
    empty: "A case without sources, or a trial without any retrieval: no score.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith:
    "trec_eval recall_5; context recall of ragas and DeepEval asks a judge about claims of the reference",
  aggregate: "mean",
  score: onRanking(({ hits, relevant }) => hits.slice(0, 5).filter(Boolean).length / relevant),
});

/** 1 over the rank of the first expected source; 0 when none was retrieved. */
export const reciprocalRank: CaseMetric = caseMetric({
  name: "retrieval.mrr",
  layer: "retrieval",
  unit: "score",
  direction: "higher",
  description:
    "1 over the rank of the first expected source, 0 when none was retrieved; averaged over trials.",
  needs,
  source: "recip_rank of trec_eval",
  range: "0 to 1",
  rules: {
    empty: "A case without sources, or a trial without any retrieval: no score. No source found: 0.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "trec_eval recip_rank",
  aggregate: "mean",
  score: onRanking(({ hits }) => {
    const first = hits.indexOf(true);
    return first < 0 ? 0 : 1 / (first + 1);
  }),
});

/** Discounted gain of the first ten documents over that of a perfect ranking; binary grades. */
export const ndcgAt10: CaseMetric = caseMetric({
  name: "retrieval.ndcg_at_10",
  layer: "retrieval",
  unit: "score",
  direction: "higher",
  description:
    "Discounted gain of the first 10 retrieved documents over that of a ranking with all expected sources on top.",
  needs,
  source: "ndcg_cut_10 of trec_eval, binary grades, discount log2(rank + 1)",
  range: "0 to 1",
  rules: {
    empty: "A case without sources, or a trial without any retrieval: no score.",
    refusal: null,
    unsupportedClaim: null,
  },
  agreesWith: "trec_eval ndcg_cut_10; DeepEval, ragas, Inspect AI and autoevals have none",
  aggregate: "mean",
  score: onRanking(({ hits, relevant }) => {
    const discount = (index: number) => 1 / Math.log2(index + 2);
    let gain = 0;
    let ideal = 0;
    for (let index = 0; index < 10; index++) {
      if (hits[index] === true) gain += discount(index);
      if (index < relevant) ideal += discount(index);
    }
    return gain / ideal;
  }),
});
