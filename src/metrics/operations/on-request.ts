import type { Metric } from "../metric.js";
import { cacheHitRate, modelCalls, toolCalls } from "./calls.js";
import { costPerTrial, userCost } from "./cost.js";
import { timeoutRate } from "./error-rate.js";
import { latencyPercentile, meanLatency } from "./latency.js";
import { nearestRankLatency } from "./nearest-rank-latency.js";
import { firstTokenPercentile, meanTurn, turnPercentile } from "./sample-percentile.js";
import { cachedTokens, inputTokens, outputTokens, reasoningTokens } from "./tokens.js";

/** Metrics of operation that a run gets only when it is asked to. */
export const operationsOnRequest: readonly Metric[] = [
  latencyPercentile(90),
  meanLatency,
  nearestRankLatency("trial", 50),
  nearestRankLatency("trial", 95),
  nearestRankLatency("trial", 99),
  turnPercentile(50),
  turnPercentile(90),
  turnPercentile(95),
  turnPercentile(99),
  meanTurn,
  nearestRankLatency("turn", 50),
  nearestRankLatency("turn", 95),
  nearestRankLatency("turn", 99),
  firstTokenPercentile(50),
  firstTokenPercentile(95),
  timeoutRate,
  inputTokens,
  outputTokens,
  cachedTokens,
  reasoningTokens,
  modelCalls,
  toolCalls,
  cacheHitRate,
  costPerTrial,
  userCost,
];
