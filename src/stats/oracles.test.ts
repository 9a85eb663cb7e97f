import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bcaInterval } from "./bca-interval.js";
import { bootstrapMean } from "./bootstrap.js";
import { clopperPearsonInterval } from "./clopper-pearson-interval.js";
import { clusteredMean } from "./clustered-se.js";
import { costPerSuccess } from "./cost-per-success.js";
import { meanInterval } from "./mean-interval.js";
import { passAtK, passHatK, type TaskOutcomes } from "./pass-at-k.js";
import { quantile, quantileInterval } from "./quantile.js";
import { type PerQuery, retrievalMetrics } from "./retrieval-metrics.js";
import { sklearnNdcg } from "./sklearn-ndcg.js";
import { StatisticsError } from "./statistics-error.js";
import { wilsonInterval } from "./wilson-interval.js";

type Fields = Record<string, unknown>;

interface Vector {
  readonly id: string;
  readonly fn: string;
  readonly input: Fields;
  readonly options: Fields;
  readonly expected: Fields;
  readonly tolerance: { readonly abs: number; readonly rel: number };
}

const file = new URL("../../test/oracles/statistics.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: Vector[] };

const number = (value: unknown) => value as number;
const numbers = (value: unknown) => value as number[];

/** The vectors' names → our functions; vectors of other functions are not read. */
const adapter: Record<string, (input: Fields, options: Fields) => Fields> = {
  wilson_ci: (input, options) => ({
    ...wilsonInterval(number(input.successes), number(input.n), number(options.confidence)),
  }),
  clopper_pearson_ci: (input, options) => ({
    ...clopperPearsonInterval(number(input.successes), number(input.n), number(options.confidence)),
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

/** Paths where `got` does not satisfy `wanted`; fields that only `got` has are ignored. */
function differences(wanted: unknown, got: unknown, tolerance: Vector["tolerance"], path = ""): string[] {
  if (typeof wanted === "number" && typeof got === "number") {
    const close = Math.abs(got - wanted) <= tolerance.abs + tolerance.rel * Math.abs(wanted);
    return close ? [] : [`${path}: expected ${wanted}, found ${got}`];
  }
  if (wanted !== null && typeof wanted === "object" && got !== null && typeof got === "object") {
    const extra = Array.isArray(wanted) && Array.isArray(got) && got.length !== wanted.length;
    const nested = Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, (got as Fields)[key], tolerance, `${path}/${key}`),
    );
    return extra ? [...nested, `${path}: lengths differ`] : nested;
  }
  return wanted === got ? [] : [`${path}: expected ${String(wanted)}, found ${String(got)}`];
}

describe.each(Object.keys(adapter))("%s agrees with its oracle", (fn) => {
  const own = vectors.filter((vector) => vector.fn === fn);

  it("has vectors", () => expect(own.length).toBeGreaterThan(0));

  it.each(own.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
    const compute = () => adapter[fn]!(vector.input, vector.options);
    if (vector.expected.error === true) expect(compute).toThrow(StatisticsError);
    else expect(differences(vector.expected, compute(), vector.tolerance)).toEqual([]);
  });
});
