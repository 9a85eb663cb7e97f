import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { histogramQuantile, readHistogram } from "./histogram.js";
import { type MetricsPage, parseMetricsPage } from "./parse-metrics-page.js";
import { readGauges } from "./read-gauges.js";
import { recogniseMetrics, servingSystemOf } from "./recognise-metrics.js";

function pageOf(text: string): MetricsPage {
  const parsed = parseMetricsPage(text);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.problem}`);
  return parsed.page;
}

function written(name: string): MetricsPage {
  return pageOf(readFileSync(join(import.meta.dirname, "..", "testing", "pages", `${name}.txt`), "utf8"));
}

describe("pages of serving systems", () => {
  it("vLLM v1 has all names but the one that wants a flag", () => {
    const found = recogniseMetrics(written("vllm-v1"));
    expect(found).toMatchObject({ system: "vllm", renamed: [] });
    expect(found?.missing).toEqual([{ name: "vllm:engine_healthy", use: "detail" }]);
  });

  it("vLLM v0 has older names, and others not at all", () => {
    const found = recogniseMetrics(written("vllm-v0"));
    expect(found?.renamed).toEqual([
      { name: "vllm:kv_cache_usage_perc", found: "vllm:gpu_cache_usage_perc" },
      { name: "vllm:inter_token_latency_seconds", found: "vllm:time_per_output_token_seconds" },
    ]);
    expect(found?.missing.map(({ name }) => name)).toContain("vllm:request_queue_time_seconds");
  });

  it("SGLang and text-generation-inference are told apart", () => {
    const sglang = recogniseMetrics(written("sglang"));
    expect(sglang?.system).toBe("sglang");
    // The page is of a version that did not count them.
    expect(sglang?.missing.map(({ name }) => name)).toEqual([
      "sglang:num_retracted_requests_total",
      "sglang:queue_time_seconds",
    ]);
    expect(recogniseMetrics(written("tgi"))).toMatchObject({ system: "tgi", missing: [] });
    expect(servingSystemOf(pageOf("up 1\nnode_load1 0.3"))).toBeNull();
    expect(recogniseMetrics(pageOf(""))).toBeNull();
  });

  it("say how full a server is: engines add up, the fullest cache counts", () => {
    expect(readGauges(written("vllm-v1"))).toEqual({
      running: 12,
      waiting: 2,
      kvCacheUsage: 0.9312,
      preemptionsTotal: 3,
      generationTokensTotal: 80_197,
    });
    expect(readGauges(written("vllm-v0"))).toMatchObject({ waiting: 3, kvCacheUsage: 0.52 });
    expect(readGauges(written("sglang"))).toMatchObject({
      waiting: 4,
      kvCacheUsage: 0.28,
      preemptionsTotal: null,
    });
    const retracted = 'sglang:num_retracted_requests_total{tp_rank="0"} 7\nsglang:num_retracted_reqs 2';
    expect(readGauges(pageOf(retracted)).preemptionsTotal).toBe(7);
    expect(readGauges(written("tgi"))).toMatchObject({ running: 9, waiting: 6, kvCacheUsage: null });
    expect(readGauges(pageOf("up 1")).waiting).toBeNull();
    const broken = 'vllm:num_requests_waiting{engine="0"} NaN\nvllm:num_requests_waiting{engine="1"} 4';
    expect(readGauges(pageOf(broken)).waiting).toBeNull();
  });

  it("have histograms of the time to first token", () => {
    const histogram = readHistogram(written("vllm-v1"), "vllm:time_to_first_token_seconds");
    // By hand: rank 20 of 40 lies 6 of 16 observations into the bucket from 0.1 to 0.25.
    expect(histogram && histogramQuantile(histogram, 0.5)).toBeCloseTo(0.1 + 0.15 * (6 / 16), 12);
  });
});
