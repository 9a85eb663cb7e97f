import type { Score } from "../../core/score.js";
import type { RetrievalValues } from "../../stats/retrieval-metrics.js";
import { caseMetric } from "../case-metric.js";
import type { CaseMetric, ScoredInput } from "../metric.js";
import { scored } from "../scores.js";
import { rankingOf, type TrialRanking } from "./trial-ranking.js";

const NO_SCORE = "A case without sources, or a trial without any retrieval: no score.";
const NO_PEER = "DeepEval, ragas, Inspect AI and autoevals have none";

type RankingMetric = Pick<CaseMetric, "name" | "description" | "source" | "agreesWith"> & {
  readonly unit?: "proportion" | "score";
  readonly aggregate?: CaseMetric["aggregate"];
  /** What an empty result gives. */
  readonly nothingFound?: string;
  readonly compute: (ranking: TrialRanking) => number;
};

/** A metric of the ranked documents; unscored when the case names no source or the agent never retrieved. */
function rankingMetric({ unit, aggregate, nothingFound, compute, ...facts }: RankingMetric): CaseMetric {
  return caseMetric({
    ...facts,
    layer: "retrieval",
    unit: unit ?? "score",
    direction: "higher",
    needs: ["expect.sources in the case", "a retrieval in the trace"],
    range: aggregate === "proportion" ? "0 or 1 a trial" : "0 to 1",
    rules: {
      empty: `${NO_SCORE} ${nothingFound ?? "No source found, or a case whose grades hold no source: 0."}`,
      refusal: null,
      unsupportedClaim: null,
    },
    aggregate: aggregate ?? "mean",
    score: (input: ScoredInput): Score => {
      const ranking = rankingOf(input);
      return "ranked" in ranking ? scored(compute(ranking)) : ranking;
    },
  });
}

/** Reads a value that trec_eval gives under this name. */
function trecEval(name: string): (ranking: TrialRanking) => number {
  return ({ values }) => named(values("linear"), name);
}

function named(values: RetrievalValues, name: string): number {
  const value = values[name];
  if (value === undefined) throw new Error(`no retrieval value ${name}`);
  return value;
}

/** 1 when any document that the case names was retrieved, else 0. */
export const hitRate: CaseMetric = rankingMetric({
  name: "retrieval.hit_rate",
  unit: "proportion",
  aggregate: "proportion",
  description: "Share of trials in which at least one expected source was among the retrieved documents.",
  source: "success@k of trec_eval, over all documents retrieved in the trial",
  agreesWith: "trec_eval success@k",
  compute: ({ ranked }) => (ranked.some((grade) => grade >= 1) ? 1 : 0),
});

/** Mean precision at the ranks of the relevant documents retrieved; 0 when none was. */
export const contextPrecision: CaseMetric = rankingMetric({
  name: "retrieval.context_precision",
  description:
    "Whether expected sources rank above other documents: precision averaged over the ranks of the expected sources that were retrieved; 0 when none was.",
  source: "context precision of ragas and DeepEval, with the case's sources in place of a judge",
  agreesWith:
    "ragas and DeepEval rank-weight in the same way; autoevals gives one verdict for the whole context",
  compute: ({ ranked }) => {
    let found = 0;
    let sum = 0;
    ranked.forEach((grade, index) => {
      if (grade < 1) return;
      found++;
      sum += found / (index + 1);
    });
    return found === 0 ? 0 : sum / found;
  },
});

const first = (k: number) => (k === 1 ? "first retrieved document" : `first ${k} retrieved documents`);

/** Expected sources among the first k documents, over all expected sources. */
export function recallAt(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.recall_at_${k}`,
    unit: "proportion",
    description: `Share of the expected sources that are among the ${first(k)}.`,
    source: `recall_${k} of trec_eval`,
    agreesWith: `trec_eval recall_${k}; context recall of ragas and DeepEval asks a judge about claims of the reference`,
    compute: trecEval(`recall_${k}`),
  });
}

/** Expected sources among the first k documents, over k, also when fewer were retrieved. */
export function precisionAt(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.precision_at_${k}`,
    unit: "proportion",
    description: `Expected sources among the ${first(k)}, divided by ${k}, also when fewer were retrieved.`,
    source: `P_${k} of trec_eval`,
    agreesWith: `trec_eval P_${k}; tools that divide by the number retrieved give more when fewer than ${k} were`,
    compute: trecEval(`P_${k}`),
  });
}

/** 1 when any of the first k documents is an expected source, else 0: the hit rate at k. */
export function successAt(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.success_at_${k}`,
    unit: "proportion",
    aggregate: "proportion",
    description: `Hit rate at ${k}: share of trials with an expected source among the ${first(k)}.`,
    source: `success_${k} of trec_eval`,
    agreesWith: `trec_eval success_${k}; called hit@${k} or hit rate elsewhere`,
    compute: trecEval(`success_${k}`),
  });
}

/** 1 over the rank of the first expected source; 0 when none was retrieved. */
export const reciprocalRank: CaseMetric = rankingMetric({
  name: "retrieval.mrr",
  description:
    "1 over the rank of the first expected source, 0 when none was retrieved; averaged over trials.",
  source: "recip_rank of trec_eval",
  agreesWith: "trec_eval recip_rank",
  compute: trecEval("recip_rank"),
});

/** The same, but 0 when the first expected source comes after rank k. */
export function reciprocalRankAt(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.mrr_at_${k}`,
    description: `1 over the rank of the first expected source, 0 when it is not among the ${first(k)}; averaged over trials.`,
    source: `recip_rank of trec_eval on the ${first(k)} (MRR@${k} of MS MARCO)`,
    agreesWith: `trec_eval -M ${k} recip_rank`,
    compute: trecEval(`recip_rank_cut_${k}`),
  });
}

/** Precision at each expected source's rank, summed and divided by all expected sources, found or not. */
export const averagePrecision: CaseMetric = rankingMetric({
  name: "retrieval.map",
  description:
    "Average precision: precision at the rank of each expected source retrieved, summed and divided by the number of all expected sources; averaged over trials.",
  source: "map of trec_eval",
  agreesWith: "trec_eval map; context precision divides by the sources that were found instead",
  compute: trecEval("map"),
});

export function averagePrecisionAt(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.map_at_${k}`,
    description: `Average precision of the ${first(k)}, divided by the number of all expected sources; averaged over trials.`,
    source: `map_cut_${k} of trec_eval`,
    agreesWith: `trec_eval map_cut_${k}; tools that divide by the lesser of ${k} and the number of sources give more`,
    compute: trecEval(`map_cut_${k}`),
  });
}

/** Precision at the rank that equals the number of expected sources. */
export const rPrecision: CaseMetric = rankingMetric({
  name: "retrieval.r_precision",
  unit: "proportion",
  description: "Share of the expected sources among as many first documents as there are expected sources.",
  source: "Rprec of trec_eval",
  agreesWith: "trec_eval Rprec",
  compute: trecEval("Rprec"),
});

/** Discounted gain of all documents over that of a perfect ranking. */
export const ndcg: CaseMetric = rankingMetric({
  name: "retrieval.ndcg",
  description:
    "Discounted gain of all retrieved documents over that of a ranking with all expected sources on top, best grade first.",
  source: "ndcg of trec_eval: the gain is the grade, the discount log2(rank + 1)",
  agreesWith: "trec_eval ndcg; scikit-learn's ndcg_score is linear too, but averages over ties",
  compute: trecEval("ndcg"),
});

export function ndcgAt(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.ndcg_at_${k}`,
    description: `Discounted gain of the ${first(k)} over that of a ranking with all expected sources on top.`,
    source: `ndcg_cut_${k} of trec_eval: the gain is the grade, the discount log2(rank + 1)`,
    agreesWith: `trec_eval ndcg_cut_${k}; ${NO_PEER}`,
    compute: trecEval(`ndcg_cut_${k}`),
  });
}

/** nDCG with the gain 2^grade - 1, the usual one of learning to rank; the same as the linear one on grades 0 and 1. */
export function ndcgExp2At(k: number): CaseMetric {
  return rankingMetric({
    name: `retrieval.ndcg_exp2_at_${k}`,
    description: `As retrieval.ndcg_at_${k}, with the gain 2^grade - 1 in place of the grade: high grades count for more.`,
    source: "Burges et al. 2005, Learning to Rank using Gradient Descent; discount log2(rank + 1)",
    agreesWith: `LightGBM and XGBoost ndcg@${k}; trec_eval ndcg_cut_${k} on qrels that hold 2^grade - 1`,
    compute: ({ values }) => named(values("exp2"), `ndcg_cut_${k}`),
  });
}

/** Expected sources among all retrieved documents, over all expected sources. */
export const recall: CaseMetric = rankingMetric({
  name: "retrieval.recall",
  unit: "proportion",
  description: "Share of the expected sources that were retrieved at any rank.",
  source: "set_recall of trec_eval",
  agreesWith: "trec_eval set_recall; IDBasedContextRecall of ragas",
  compute: trecEval("set_recall"),
});

/** Expected sources among all retrieved documents, over the documents retrieved. */
export const precision: CaseMetric = rankingMetric({
  name: "retrieval.precision",
  unit: "proportion",
  description: "Share of the retrieved documents that are expected sources.",
  source: "set_P of trec_eval",
  agreesWith: "trec_eval set_P; IDBasedContextPrecision of ragas",
  compute: trecEval("set_P"),
});
