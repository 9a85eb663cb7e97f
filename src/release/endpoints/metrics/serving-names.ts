/** What serves models. */
export type ServingSystem = "vllm" | "sglang" | "tgi";

/** A metric that we can use, under the name of now and those of before. */
export interface KnownMetric {
  readonly name: string;
  /** Names that mean the same in older or newer versions. */
  readonly aliases: readonly string[];
  /** Why it is looked for. */
  readonly use: MetricUse;
}

export type MetricUse = "capacity" | "latency" | "traffic" | "cache" | "detail";

function known(use: MetricUse, name: string, ...aliases: readonly string[]): KnownMetric {
  return { name, aliases, use };
}

/**
 * Names by system. A counter is written as it stands on the wire, with `_total`; a histogram without `_bucket`.
 *
 * @see vllm/v1/metrics/loggers.py and docs/design/metrics.md of vLLM; python/sglang/srt/metrics/collector.py of SGLang;
 *   docs/source/reference/metrics.md of text-generation-inference
 */
export const SERVING_METRICS: { readonly [System in ServingSystem]: readonly KnownMetric[] } = {
  vllm: [
    known("capacity", "vllm:num_requests_running"),
    known("capacity", "vllm:num_requests_waiting"),
    known("capacity", "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"),
    known("capacity", "vllm:num_preemptions_total", "vllm:num_preemptions"),
    known("latency", "vllm:time_to_first_token_seconds"),
    known("latency", "vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"),
    known("latency", "vllm:e2e_request_latency_seconds"),
    known("latency", "vllm:request_queue_time_seconds", "vllm:time_in_queue_requests"),
    known("traffic", "vllm:prompt_tokens_total"),
    known("traffic", "vllm:generation_tokens_total"),
    known("traffic", "vllm:request_success_total"),
    known("traffic", "http_requests_total"),
    known(
      "cache",
      "vllm:prefix_cache_queries_total",
      "vllm:prefix_cache_queries",
      "vllm:gpu_prefix_cache_queries_total",
    ),
    known(
      "cache",
      "vllm:prefix_cache_hits_total",
      "vllm:prefix_cache_hits",
      "vllm:gpu_prefix_cache_hits_total",
    ),
    known("cache", "vllm:cache_config_info"),
    known("detail", "vllm:request_time_per_output_token_seconds"),
    known("detail", "vllm:request_inference_time_seconds"),
    known("detail", "vllm:request_prefill_time_seconds"),
    known("detail", "vllm:request_decode_time_seconds"),
    known("detail", "vllm:request_prompt_tokens"),
    known("detail", "vllm:request_generation_tokens"),
    known("detail", "vllm:request_params_max_tokens"),
    known("detail", "vllm:iteration_tokens_total"),
    known("detail", "vllm:lora_requests_info"),
    known("detail", "vllm:engine_healthy"),
  ],
  sglang: [
    known("capacity", "sglang:num_running_reqs"),
    known("capacity", "sglang:num_queue_reqs"),
    known("capacity", "sglang:token_usage"),
    known("capacity", "sglang:num_retracted_requests_total"),
    known("latency", "sglang:time_to_first_token_seconds"),
    known("latency", "sglang:inter_token_latency_seconds", "sglang:time_per_output_token_seconds"),
    known("latency", "sglang:e2e_request_latency_seconds"),
    known("latency", "sglang:queue_time_seconds"),
    known("traffic", "sglang:prompt_tokens_total"),
    known("traffic", "sglang:generation_tokens_total"),
    known("traffic", "sglang:num_requests_total"),
    known("traffic", "sglang:num_aborted_requests_total"),
    known("cache", "sglang:cache_hit_rate"),
  ],
  tgi: [
    known("capacity", "tgi_queue_size"),
    known("capacity", "tgi_batch_current_size"),
    known("latency", "tgi_request_duration"),
    known("latency", "tgi_request_mean_time_per_token_duration"),
    known("latency", "tgi_request_queue_duration"),
    known("latency", "tgi_request_inference_duration"),
    known("traffic", "tgi_request_count"),
    known("traffic", "tgi_request_success"),
    known("traffic", "tgi_request_failure"),
    known("traffic", "tgi_request_generated_tokens"),
    known("traffic", "tgi_request_input_length"),
  ],
};
