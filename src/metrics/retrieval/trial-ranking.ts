import type { Score } from "../../core/score.js";
import { type RetrievalValues, rankingValues } from "../../stats/retrieval-metrics.js";
import type { ScoredInput } from "../metric.js";
import { unscored } from "../scores.js";
import { retrievedDocuments } from "./retrieved-documents.js";

/** Ranks that the metrics are cut at. */
const CUTOFFS = [1, 3, 5, 10, 20, 100] as const;

/** What a trial retrieved, judged by the sources of its case. */
export interface TrialRanking {
  /** Grade of each retrieved document, best first; 0 when the case says nothing of it. */
  readonly ranked: readonly number[];
  /** Values by trec_eval's names with the gain that is asked for. */
  readonly values: (gain: "linear" | "exp2") => RetrievalValues;
}

/** A trial is scored by some forty metrics on one ranking. */
const rankings = new WeakMap<ScoredInput, TrialRanking | Score>();

/** The ranking, or the score without a value when the case names no source or the agent never retrieved. */
export function rankingOf(input: ScoredInput): TrialRanking | Score {
  let ranking = rankings.get(input);
  if (ranking === undefined) {
    ranking = rankingFrom(input);
    rankings.set(input, ranking);
  }
  return ranking;
}

function rankingFrom({ goldenCase, trace }: ScoredInput): TrialRanking | Score {
  const { sources, grades } = goldenCase.expect;
  if (sources.length === 0 && grades === undefined) return unscored("the case states no sources");
  if (trace.retrievals.length === 0)
    return unscored("the agent retrieved nothing: no retrieval in the trace");
  const gradeOf = new Map(
    grades === undefined ? sources.map((id): [string, number] => [id, 1]) : Object.entries(grades),
  );
  const ranked = retrievedDocuments(trace).map((id) => gradeOf.get(id) ?? 0);
  const judged = [...gradeOf.values()];
  const computed: { [gain in "linear" | "exp2"]?: RetrievalValues } = {};
  return {
    ranked,
    values: (gain) => {
      computed[gain] ??= rankingValues(ranked, judged, { cutoffs: CUTOFFS, gain });
      return computed[gain];
    },
  };
}
