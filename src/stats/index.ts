/**
 * The statistics as a library: `import { wilson } from "agentctl/stats"`. Numbers in, numbers out; every function is
 * pure, and what is undefined is `null`, never NaN.
 */

export { type BcaInterval, bcaInterval } from "./bca-interval.js";
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapMean,
  bootstrapRatio,
} from "./bootstrap.js";
export { clopperPearson } from "./clopper-pearson.js";
export { type ClusteredMean, clusteredMean } from "./clustered-se.js";
export { costPerSuccess, type RatioInterval } from "./cost-per-success.js";
export type { ClusterKey, Interval } from "./interval.js";
export { type MeanInterval, meanInterval } from "./mean-interval.js";
export { type PassEstimate, passAtK, passHatK, type TaskOutcomes } from "./pass-at-k.js";
export { type QuantileInterval, quantile, quantileInterval } from "./quantile.js";
export {
  type PerQuery,
  type RetrievalOptions,
  type RetrievalReport,
  retrievalMetrics,
} from "./retrieval-metrics.js";
export { type SklearnNdcgOptions, sklearnNdcg } from "./sklearn-ndcg.js";
export { StatisticsError } from "./statistics-error.js";
export { wilson } from "./wilson.js";
