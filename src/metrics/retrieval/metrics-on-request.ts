import type { CaseMetric } from "../metric.js";
import { contextRecall, contextRelevance } from "./context-metrics.js";
import {
  averagePrecision,
  averagePrecisionAt,
  ndcg,
  ndcgAt,
  ndcgExp2At,
  precision,
  precisionAt,
  recall,
  recallAt,
  reciprocalRankAt,
  rPrecision,
  successAt,
} from "./ranking-metrics.js";

/** Ranks that tools and papers cut at; a default metric is left out. */
const SHALLOW = [1, 3, 5, 10] as const;

/** Retrieval metrics beside those that every run gets. */
export const retrievalMetricsOnRequest: readonly CaseMetric[] = [
  ...SHALLOW.map(successAt),
  ...SHALLOW.map(precisionAt),
  precision,
  ...[1, 3, 10, 20, 100].map(recallAt),
  recall,
  ...[10, 100].map(reciprocalRankAt),
  averagePrecision,
  ...[10, 100].map(averagePrecisionAt),
  rPrecision,
  ndcg,
  ...[1, 3, 5, 20].map(ndcgAt),
  ...[1, 3, 5, 10, 20].map(ndcgExp2At),
  contextRecall,
  contextRelevance,
];
