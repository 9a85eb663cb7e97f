import type { ServingQueue } from "./serving-queue.js";

/** Seconds from arrival to first token, as the server of tests keeps them. */
const TTFT_BUCKETS = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The page of the server of tests, under the names of vLLM v1. */
export function vllmPage(
  { counts, places }: ServingQueue,
  { model, ttftSeconds }: { readonly model: string; readonly ttftSeconds: readonly number[] },
): string {
  const labels = `engine="0",model_name="${model}"`;
  const lines: string[] = [];
  const one = (name: string, type: "gauge" | "counter", value: number) => {
    lines.push(
      `# HELP ${name} Of the server of tests.`,
      `# TYPE ${name} ${type}`,
      `${name}{${labels}} ${value}`,
    );
  };
  one("vllm:num_requests_running", "gauge", counts.running);
  one("vllm:num_requests_waiting", "gauge", counts.waiting);
  one("vllm:kv_cache_usage_perc", "gauge", Math.min(1, counts.running / places));
  one("vllm:num_preemptions_total", "counter", counts.preemptions);
  one("vllm:prompt_tokens_total", "counter", counts.prompts);
  one("vllm:generation_tokens_total", "counter", counts.tokens);
  const success = "vllm:request_success_total";
  lines.push(`# TYPE ${success} counter`, `${success}{${labels},finished_reason="stop"} ${counts.finished}`);
  const family = "vllm:time_to_first_token_seconds";
  lines.push(`# TYPE ${family} histogram`);
  for (const upper of TTFT_BUCKETS) {
    const below = ttftSeconds.filter((seconds) => seconds <= upper).length;
    lines.push(`${family}_bucket{${labels},le="${upper}"} ${below}`);
  }
  lines.push(`${family}_bucket{${labels},le="+Inf"} ${ttftSeconds.length}`);
  lines.push(`${family}_sum{${labels}} ${ttftSeconds.reduce((sum, value) => sum + value, 0)}`);
  lines.push(`${family}_count{${labels}} ${ttftSeconds.length}`, "");
  return lines.join("\n");
}
