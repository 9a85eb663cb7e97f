import type { GaugeReport, LoadReport } from "../../../report/schemas/endpoint-bench.js";
import type { EndpointClient } from "../http/endpoint-client.js";
import { readMetrics } from "../http/read-metrics.js";
import { type Histogram, histogramQuantile, histogramSince, readHistogram } from "../metrics/histogram.js";
import type { MetricsPage } from "../metrics/parse-metrics-page.js";
import { readGauges, type ServerGauges } from "../metrics/read-gauges.js";
import { servingSystemOf } from "../metrics/recognise-metrics.js";
import type { LoadWorld } from "./run-load.js";

/** One look at a metrics page. */
export interface GaugeSample extends ServerGauges {
  /** Times to first token since the start of the server, in seconds. */
  readonly ttft: Histogram | null;
}

const EVERY_MS = 500;

/** Looks at the metrics page again and again until stopped. A page that cannot be read leaves no sample. */
export function startGaugeSampler(
  client: EndpointClient,
  { sleep }: Pick<LoadWorld, "sleep">,
  everyMs = EVERY_MS,
): { stop(): Promise<readonly GaugeSample[]> } {
  const stopping = new AbortController();
  const samples: GaugeSample[] = [];
  const look = async () => {
    const reading = await readMetrics(client);
    if (reading.ok) samples.push({ ...readGauges(reading.page), ttft: ttftOf(reading.page) });
    return reading.ok || !reading.isAbsent;
  };
  const loop = async () => {
    while (!stopping.signal.aborted && (await look())) await sleep(everyMs, stopping.signal);
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
      // What happened since the last look, preemptions above all.
      if (samples.length > 0) await look();
      return samples;
    },
  };
}

/** Least, mean and most of each gauge; `null` without a sample. */
export function summariseGauges(samples: readonly GaugeSample[]): LoadReport["gauges"] {
  if (samples.length === 0) return null;
  const range = (read: (sample: GaugeSample) => number | null): GaugeReport | null => {
    const values = samples.map(read).filter((value) => value !== null);
    if (values.length === 0) return null;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { least: Math.min(...values), mean, most: Math.max(...values) };
  };
  return {
    samples: samples.length,
    running: range(({ running }) => running),
    waiting: range(({ waiting }) => waiting),
    kvCacheUsage: range(({ kvCacheUsage }) => kvCacheUsage),
    preemptions: riseOf(samples.map(({ preemptionsTotal }) => preemptionsTotal)),
    serverTtft: serverTtft(samples),
  };
}

/** What the server itself says of the time to first token while the load ran, as exact as its buckets. */
function serverTtft(samples: readonly GaugeSample[]) {
  const [before, after] = [samples[0]?.ttft, samples.at(-1)?.ttft];
  const during = before && after ? histogramSince(before, after) : null;
  const [p50, p95] = [0.5, 0.95].map((q) => (during === null ? null : histogramQuantile(during, q)));
  if (during === null || p50 == null || p95 == null) return null;
  return { n: during.count, p50Ms: p50 * 1000, p95Ms: p95 * 1000 };
}

/** vLLM and SGLang have it; text-generation-inference has not. */
function ttftOf(page: MetricsPage): Histogram | null {
  const system = servingSystemOf(page);
  return system === null ? null : readHistogram(page, `${system}:time_to_first_token_seconds`);
}

/** How far a counter rose; one that went back began anew at 0. `null` with fewer than two looks. */
export function riseOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  return known.slice(1).reduce((rise, value, index) => {
    const before = known[index] ?? 0;
    return rise + (value >= before ? value - before : value);
  }, 0);
}
