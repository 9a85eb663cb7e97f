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

/**
 * Values by trec_eval's names: map, recip_rank, ndcg, Rprec, set_P, set_recall, P_k, recall_k, success_k, ndcg_cut_k,
 * map_cut_k; and recip_rank_cut_k, which is recip_rank, or 0 when the first relevant document comes after rank k.
 */
export type RetrievalValues = Readonly<Record<string, number>>;

export interface RetrievalReport {
  readonly perQuery: Readonly<Record<string, RetrievalValues>>;
  /** Means over all queries of the qrels; a query without results counts 0. `null` without queries. */
  readonly mean: RetrievalValues | null;
  /** Queries without a relevant document: they score 0 and pull the means down. */
  readonly queriesWithoutRelevant: number;
}

/**
 * Ranking quality as trec_eval computes it (with -c: every query of the qrels counts): documents in the order of
 * {@link compareRetrieved}; unjudged and negative grades count as not relevant; P@k divides by k.
 *
 * @throws {StatisticsError} on a cutoff below 1 or a number that is not finite
 * @see https://github.com/usnistgov/trec_eval
 */
export function retrievalMetrics(qrels: PerQuery, run: PerQuery, options: RetrievalOptions): RetrievalReport {
  const { relevanceLevel = 1 } = options;
  for (const cutoff of options.cutoffs) requireCount("cutoff", cutoff, 1);
  const perQuery: Record<string, RetrievalValues> = {};
  let queriesWithoutRelevant = 0;
  for (const [query, grades] of Object.entries(qrels)) {
    requireFinite(`qrels of ${query}`, Object.values(grades));
    const ranking = rank(query, Object.hasOwn(run, query) ? run[query]! : {});
    const ranked = ranking.map((id) => (Object.hasOwn(grades, id) ? grades[id]! : 0));
    const judged = Object.values(grades);
    if (!judged.some((grade) => isRelevant(grade, relevanceLevel))) queriesWithoutRelevant++;
    perQuery[query] = rankingValues(ranked, judged, options);
  }
  return { perQuery, mean: meanOfQueries(Object.values(perQuery)), queriesWithoutRelevant };
}

function rank(query: string, scores: Readonly<Record<string, number>>): string[] {
  requireFinite(`run of ${query}`, Object.values(scores));
  return Object.keys(scores).sort((a, b) => compareRetrieved(a, scores[a]!, b, scores[b]!));
}

const SURROGATE = /[\ud800-\udfff]/;

/**
 * trec_eval's order of retrieved documents, for sorting: score descending, ties by document id descending in bytes of
 * UTF-8. Scores are compared in single precision, as trec_eval stores them: 0.7 and 0.70000001 are a tie.
 */
export function compareRetrieved(idA: string, scoreA: number, idB: string, scoreB: number): number {
  const first = Math.fround(scoreA);
  const second = Math.fround(scoreB);
  if (first !== second) return first > second ? -1 : 1;
  if (idA === idB) return 0;
  // UTF-16 code units sort as UTF-8 bytes do, but for surrogates.
  if (SURROGATE.test(idA) || SURROGATE.test(idB)) return Buffer.compare(Buffer.from(idB), Buffer.from(idA));
  return idA > idB ? -1 : 1;
}

function isRelevant(grade: number, level: number): boolean {
  return grade > 0 && grade >= level;
}

/**
 * All values of one ranking.
 *
 * @param ranked - grade of each retrieved document, best first; 0 when it is not judged
 * @param judged - grades of all judged documents, retrieved or not
 * @returns without a relevant document 0 for each value
 * @throws {StatisticsError} on a cutoff below 1
 */
export function rankingValues(
  ranked: readonly number[],
  judged: readonly number[],
  options: RetrievalOptions,
): RetrievalValues {
  const { cutoffs, relevanceLevel = 1, gain = "linear" } = options;
  for (const cutoff of cutoffs) requireCount("cutoff", cutoff, 1);
  const gainOf = gain === "linear" ? (grade: number) => grade : (grade: number) => 2 ** grade - 1;
  const hit = (grade: number) => (isRelevant(grade, relevanceLevel) ? 1 : 0);
  const relevant = judged.filter((grade) => isRelevant(grade, relevanceLevel)).length;
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  const discounted = (grade: number, index: number) => (grade > 0 ? gainOf(grade) / Math.log2(index + 2) : 0);

  const found = runningSums(ranked, hit);
  const precisions = runningSums(ranked, (grade, index) =>
    hit(grade) === 1 ? totalAt(found, index + 1) / (index + 1) : 0,
  );
  const gains = runningSums(ranked, discounted);
  const ideal = runningSums(
    judged.filter((grade) => grade > 0).sort((a, b) => b - a),
    discounted,
  );
  const first = ranked.findIndex((grade) => isRelevant(grade, relevanceLevel)) + 1;
  const all = Math.max(ranked.length, judged.length);
  const values: Record<string, number> = {
    map: share(totalAt(precisions, all), relevant),
    recip_rank: share(1, first),
    ndcg: share(totalAt(gains, all), totalAt(ideal, all)),
    Rprec: share(totalAt(found, relevant), relevant),
    set_P: share(totalAt(found, all), ranked.length),
    set_recall: share(totalAt(found, all), relevant),
  };
  for (const k of cutoffs) {
    values[`P_${k}`] = totalAt(found, k) / k;
    values[`recall_${k}`] = share(totalAt(found, k), relevant);
    values[`success_${k}`] = totalAt(found, k) > 0 ? 1 : 0;
    values[`recip_rank_cut_${k}`] = first <= k ? share(1, first) : 0;
    values[`ndcg_cut_${k}`] = share(totalAt(gains, k), totalAt(ideal, k));
    values[`map_cut_${k}`] = share(totalAt(precisions, k), relevant);
  }
  return values;
}

/** Sums over the first 1, 2, … grades. */
function runningSums(
  grades: readonly number[],
  summand: (grade: number, index: number) => number,
): Float64Array {
  const sums = new Float64Array(grades.length);
  let sum = 0;
  for (let index = 0; index < grades.length; index++) {
    sum += summand(grades[index]!, index);
    sums[index] = sum;
  }
  return sums;
}

/** The sum over the first k grades, or over all when there are fewer. */
function totalAt(sums: Float64Array, k: number): number {
  return k === 0 || sums.length === 0 ? 0 : sums[Math.min(k, sums.length) - 1]!;
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
