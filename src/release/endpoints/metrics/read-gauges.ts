import type { MetricSample, MetricsPage } from "./parse-metrics-page.js";
import { servingSystemOf } from "./recognise-metrics.js";
import type { ServingSystem } from "./serving-names.js";

/** How full a server is at one moment; `null` where its page does not say. */
export interface ServerGauges {
  readonly running: number | null;
  readonly waiting: number | null;
  /** Share of the key-value cache in use, 0 to 1; of several engines the fullest. */
  readonly kvCacheUsage: number | null;
  /** Preemptions since the start of the server. */
  readonly preemptionsTotal: number | null;
  readonly generationTokensTotal: number | null;
}

interface GaugeNames {
  readonly running: readonly string[];
  readonly waiting: readonly string[];
  readonly kvCacheUsage: readonly string[];
  readonly preemptionsTotal: readonly string[];
  readonly generationTokensTotal: readonly string[];
}

/** The name of now first; of two that are there, the first counts. */
export const GAUGE_NAMES: { readonly [System in ServingSystem]: GaugeNames } = {
  vllm: {
    running: ["vllm:num_requests_running"],
    waiting: ["vllm:num_requests_waiting"],
    kvCacheUsage: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"],
    preemptionsTotal: ["vllm:num_preemptions_total", "vllm:num_preemptions"],
    generationTokensTotal: ["vllm:generation_tokens_total"],
  },
  sglang: {
    running: ["sglang:num_running_reqs"],
    waiting: ["sglang:num_queue_reqs"],
    kvCacheUsage: ["sglang:token_usage"],
    // What SGLang calls to retract: the request goes back to the queue, and its cache is freed.
    preemptionsTotal: ["sglang:num_retracted_requests_total"],
    generationTokensTotal: ["sglang:generation_tokens_total"],
  },
  tgi: {
    running: ["tgi_batch_current_size"],
    waiting: ["tgi_queue_size"],
    kvCacheUsage: [],
    preemptionsTotal: [],
    generationTokensTotal: ["tgi_request_generated_tokens_sum"],
  },
};

const NONE: ServerGauges = {
  running: null,
  waiting: null,
  kvCacheUsage: null,
  preemptionsTotal: null,
  generationTokensTotal: null,
};

/** Reads how full a server is from its page. The engines of one server are added up; NaN is no value. */
export function readGauges(page: MetricsPage): ServerGauges {
  const system = servingSystemOf(page);
  if (system === null) return NONE;
  const names = GAUGE_NAMES[system];
  const sum = (samples: readonly number[]) => samples.reduce((total, value) => total + value, 0);
  const usage = valuesOf(page.samples, names.kvCacheUsage);
  const read = (wanted: readonly string[]) => {
    const values = valuesOf(page.samples, wanted);
    return values === null ? null : sum(values);
  };
  return {
    running: read(names.running),
    waiting: read(names.waiting),
    kvCacheUsage: usage === null ? null : Math.max(...usage),
    preemptionsTotal: read(names.preemptionsTotal),
    generationTokensTotal: read(names.generationTokensTotal),
  };
}

/** Values of the first of some names that has any; `null` when one of them is no number: a sum would hide it. */
function valuesOf(samples: readonly MetricSample[], names: readonly string[]): readonly number[] | null {
  for (const name of names) {
    const values = samples.filter((sample) => sample.name === name).map(({ value }) => value);
    if (values.length > 0) return values.every(Number.isFinite) ? values : null;
  }
  return null;
}
