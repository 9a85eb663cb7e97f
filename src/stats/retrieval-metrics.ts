import { Buffer } from "node:buffer";
import { requireCount, requireFinite } from "./validate.js";

/** Query id → document id → number (a grade in qrels, a score in a run). */
export type PerQuery = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface RetrievalOptions {
  /** Ranks to cut at, each at least 1. */
  readonly cutoffs: readonly number[];
  /** Lowest grade that counts as relevant, default 1. */
  readonly relevanceLevel?: number;
  /** Gain of a grade in nDCG: the grade itself (default) or 2^grade - 1. */
  readonly gain?: "linear" | "exp2";
}

/** Values by trec_eval's names: map, recip_rank, ndcg, Rprec, P_k, recall_k, success_k, ndcg_cut_k, map_cut_k. */
type RetrievalValues = Readonly<Record<string, number>>;

export interface RetrievalReport {
  readonly perQuery: Readonly<Record<string, RetrievalValues>>;
  /** Means over all queries of the qrels; a query without results counts 0. `null` without queries. */
  readonly mean: RetrievalValues | null;
  /** Queries without a relevant document: they score 0 and pull the means down. */
  readonly queriesWithoutRelevant: number;
}

/**
 * Ranking quality as trec_eval computes it: documents by score descending, ties by document id descending in
 * bytes; unjudged and negative grades count as not relevant; P@k divides by k.
 *
 * @throws {StatisticsError} on a cutoff below 1 or a number that is not finite
 * @see https://github.com/usnistgov/trec_eval
 */
export function retrievalMetrics(qrels: PerQuery, run: PerQuery, options: RetrievalOptions): RetrievalReport {
  const { cutoffs, relevanceLevel = 1, gain = "linear" } = options;
  for (const cutoff of cutoffs) requireCount("cutoff", cutoff, 1);
  const gainOf = gain === "linear" ? (grade: number) => grade : (grade: number) => 2 ** grade - 1;
  const perQuery: Record<string, RetrievalValues> = {};
  let queriesWithoutRelevant = 0;
  for (const [query, grades] of Object.entries(qrels)) {
    requireFinite(`qrels of ${query}`, Object.values(grades));
    const ranking = rank(query, Object.hasOwn(run, query) ? run[query]! : {});
    const ranked = ranking.map((id) => (Object.hasOwn(grades, id) ? grades[id]! : 0));
    const judged = Object.values(grades);
    if (!judged.some((grade) => grade >= relevanceLevel && grade > 0)) queriesWithoutRelevant++;
    perQuery[query] = scoreRanking(ranked, judged, cutoffs, relevanceLevel, gainOf);
  }
  return { perQuery, mean: meanOfQueries(Object.values(perQuery)), queriesWithoutRelevant };
}

function rank(query: string, scores: Readonly<Record<string, number>>): string[] {
  requireFinite(`run of ${query}`, Object.values(scores));
  return Object.keys(scores).sort(
    (a, b) => scores[b]! - scores[a]! || Buffer.compare(Buffer.from(b), Buffer.from(a)),
  );
}

function scoreRanking(
  ranked: readonly number[],
  judged: readonly number[],
  cutoffs: readonly number[],
  relevanceLevel: number,
  gainOf: (grade: number) => number,
): RetrievalValues {
  const isRelevant = (grade: number | undefined) =>
    grade !== undefined && grade > 0 && grade >= relevanceLevel;
  const relevant = judged.filter(isRelevant).length;
  const found = (k: number) => ranked.slice(0, k).filter(isRelevant).length;
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  const ideal = [...judged].sort((a, b) => b - a);
  const averagePrecision = (k: number) => share(precisionSum(ranked.slice(0, k), isRelevant), relevant);
  const ndcg = (k: number) => share(discountedGain(ranked, k, gainOf), discountedGain(ideal, k, gainOf));
  const first = ranked.findIndex(isRelevant);
  const values: Record<string, number> = {
    map: averagePrecision(ranked.length),
    recip_rank: first < 0 ? 0 : 1 / (first + 1),
    ndcg: ndcg(Math.max(ranked.length, ideal.length)),
    Rprec: share(found(relevant), relevant),
  };
  for (const k of cutoffs) {
    values[`P_${k}`] = found(k) / k;
    values[`recall_${k}`] = share(found(k), relevant);
    values[`success_${k}`] = found(k) > 0 ? 1 : 0;
    values[`ndcg_cut_${k}`] = ndcg(k);
    values[`map_cut_${k}`] = averagePrecision(k);
  }
  return values;
}

function precisionSum(grades: readonly number[], isRelevant: (grade: number | undefined) => boolean): number {
  let hits = 0;
  let sum = 0;
  grades.forEach((grade, index) => {
    if (!isRelevant(grade)) return;
    hits++;
    sum += hits / (index + 1);
  });
  return sum;
}

function discountedGain(grades: readonly number[], k: number, gainOf: (grade: number) => number): number {
  let sum = 0;
  for (let index = 0; index < Math.min(k, grades.length); index++) {
    if (grades[index]! > 0) sum += gainOf(grades[index]!) / Math.log2(index + 2);
  }
  return sum;
}

function meanOfQueries(queries: readonly RetrievalValues[]): RetrievalValues | null {
  const first = queries[0];
  if (first === undefined) return null;
  const mean: Record<string, number> = {};
  for (const name of Object.keys(first)) {
    mean[name] = queries.reduce((sum, values) => sum + values[name]!, 0) / queries.length;
  }
  return mean;
}
