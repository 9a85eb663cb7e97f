import { bcaInterval } from "../../../src/stats/bca-interval.js";
import { bootstrapMean } from "../../../src/stats/bootstrap.js";
import { clopperPearson } from "../../../src/stats/clopper-pearson.js";
import { clusteredMean } from "../../../src/stats/clustered-se.js";
import { costPerSuccess } from "../../../src/stats/cost-per-success.js";
import { meanInterval } from "../../../src/stats/mean-interval.js";
import { passAtK, passHatK, type TaskOutcomes } from "../../../src/stats/pass-at-k.js";
import { quantile, quantileInterval } from "../../../src/stats/quantile.js";
import { type PerQuery, retrievalMetrics } from "../../../src/stats/retrieval-metrics.js";
import { sklearnNdcg } from "../../../src/stats/sklearn-ndcg.js";
import { wilson } from "../../../src/stats/wilson.js";
import { type Adapter, number, numbers } from "../vector.js";

/** Intervals, bootstrap, pass^k, quantiles, retrieval. */
export const estimates: Adapter = {
  wilson_ci: (input, options) => ({
    ...wilson(number(input.successes), number(input.n), number(options.confidence)),
  }),
  clopper_pearson_ci: (input, options) => ({
    ...clopperPearson(number(input.successes), number(input.n), number(options.confidence)),
  }),
  mean_ci_t: (input, options) => ({ ...meanInterval(numbers(input.values), number(options.confidence)) }),
  clustered_se: (input, options) => {
    const result = clusteredMean(numbers(input.values), input.clusters as string[], {
      correction: options.correction as "CR0" | "CR1",
      level: number(options.confidence),
    });
    return { ...result, n_clusters: result.clusters, design_effect: result.designEffect };
  },
  quantile: (input, options) => ({ value: quantile(numbers(input.values), number(options.q)) }),
  quantile_ci: (input, options) => {
    const result = quantileInterval(numbers(input.values), number(options.q), number(options.confidence));
    return { ...result, lower_rank: result.lowerRank, upper_rank: result.upperRank };
  },
  cost_per_success: (input, options) => ({
    ...costPerSuccess(numbers(input.costs), numbers(input.successes), number(options.confidence)),
  }),
  bca_from_replicates: (input, options) => ({
    ...bcaInterval(
      number(input.theta_hat),
      numbers(input.replicates),
      numbers(input.jackknife),
      number(options.confidence),
    ),
  }),
  bootstrap_bca_mean: (input, options) => ({
    ...bootstrapMean(numbers(input.values), null, {
      seed: 20261121,
      resamples: number(options.resamples),
      level: number(options.confidence),
    }),
  }),
  pass_at_k: (input, options) => {
    const result = passAtK(input.tasks as TaskOutcomes[], number(options.k));
    return { value: result.value, per_task: result.perTask };
  },
  pass_hat_k: (input, options) => {
    const result = passHatK(input.tasks as TaskOutcomes[], number(options.k));
    return { value: result.value, per_task: result.perTask };
  },
  retrieval_metrics: (input, options) => {
    const result = retrievalMetrics(input.qrels as PerQuery, input.run as PerQuery, {
      cutoffs: numbers(options.cutoffs),
      relevanceLevel: number(options.relevance_level),
      gain: options.gain as "linear" | "exp2",
    });
    return { per_query: result.perQuery, mean: result.mean };
  },
  sklearn_ndcg: (input, options) => ({
    ndcg: sklearnNdcg(numbers(input.relevance), numbers(input.score), {
      k: options.k as number | null,
      ignoreTies: options.ignore_ties as boolean,
    }),
  }),
};
