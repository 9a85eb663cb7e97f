import type { MetricLayer } from "../core/score.js";
import { retryRate, steps } from "./agent/effort.js";
import { agentOnRequest } from "./agent/on-request.js";
import { passAt, passHat } from "./agent/pass-k.js";
import { actionsMatched } from "./agent/recorded-actions.js";
import { taskSuccess } from "./agent/task-success.js";
import { toolCallAccuracy } from "./agent/tool-calls.js";
import { abstentionPrecision, abstentionRecall } from "./generation/abstention.js";
import { answerRelevance } from "./generation/answer-relevance.js";
import { bleu } from "./generation/bleu.js";
import { chrFScore, editSimilarityScore } from "./generation/character-metrics.js";
import { citationAccuracy } from "./generation/citation-accuracy.js";
import { citationPrecision, citationRecall } from "./generation/citation-precision-recall.js";
import { completeness } from "./generation/completeness.js";
import { correctnessBaseline } from "./generation/correctness-baseline.js";
import { contradictedClaims, faithfulness, unsupportedClaims } from "./generation/faithfulness.js";
import { jsonSchemaValid, jsonValid } from "./generation/json-answer.js";
import { mustExclude, mustInclude } from "./generation/phrases.js";
import { refusalCorrectness } from "./generation/refusal.js";
import { rouge1, rouge2, rougeLongest } from "./generation/rouge.js";
import { exactMatch, normalisedMatch, tokenF1Score } from "./generation/squad.js";
import type { Metric } from "./metric.js";
import { costPerSuccessUsd, totalCost } from "./operations/cost.js";
import { errorRate } from "./operations/error-rate.js";
import { latencyPercentile } from "./operations/latency.js";
import { operationsOnRequest } from "./operations/on-request.js";
import { totalTokens } from "./operations/tokens.js";
import { retrievalMetricsOnRequest } from "./retrieval/metrics-on-request.js";
import { contextPrecision, hitRate, ndcgAt, recallAt, reciprocalRank } from "./retrieval/ranking-metrics.js";
import { safetyOnRequest } from "./safety/on-request.js";
import { safetyViolations } from "./safety/violations.js";
import { usersOnRequest } from "./user/user-faults.js";

/** What every run is scored by unless agentctl.yaml says otherwise. */
export const defaultMetrics: readonly Metric[] = [
  taskSuccess,
  passHat(1),
  passHat(2),
  passHat(3),
  passHat(4),
  passAt(1),
  passAt(2),
  passAt(3),
  passAt(4),
  toolCallAccuracy,
  steps,
  retryRate,
  hitRate,
  contextPrecision,
  recallAt(5),
  reciprocalRank,
  ndcgAt(10),
  mustInclude,
  mustExclude,
  citationAccuracy,
  faithfulness,
  answerRelevance,
  refusalCorrectness,
  latencyPercentile(50),
  latencyPercentile(95),
  latencyPercentile(99),
  errorRate,
  totalTokens,
  totalCost,
  costPerSuccessUsd,
  safetyViolations,
];

/** Computed where agentctl.yaml, gates.yaml or `agentctl score` asks for them by name. */
const metricsOnRequest: readonly Metric[] = [
  ...retrievalMetricsOnRequest,
  contradictedClaims,
  unsupportedClaims,
  citationPrecision,
  citationRecall,
  completeness,
  correctnessBaseline,
  exactMatch,
  normalisedMatch,
  tokenF1Score,
  rouge1,
  rouge2,
  rougeLongest,
  bleu,
  chrFScore,
  editSimilarityScore,
  jsonValid,
  jsonSchemaValid,
  abstentionPrecision,
  abstentionRecall,
  actionsMatched,
  ...agentOnRequest,
  ...operationsOnRequest,
  ...usersOnRequest,
  ...safetyOnRequest,
];

const LAYERS: readonly MetricLayer[] = ["agent", "retrieval", "generation", "operations", "safety"];

/** Every metric, in the order of the reports: by layer, the default ones first. */
export const metrics: readonly Metric[] = LAYERS.flatMap((layer) =>
  [...defaultMetrics, ...metricsOnRequest].filter((metric) => metric.layer === layer),
);

const byName = new Map(metrics.map((metric) => [metric.name, metric]));

/** Names as written in gates.yaml, in registry order. */
export const metricNames: readonly string[] = metrics.map((metric) => metric.name);

/** @returns `undefined` for a name that no metric has */
export function metricByName(name: string): Metric | undefined {
  return byName.get(name);
}
