import type {
  BenchDifference,
  BenchedEndpoint,
  EndpointBenchReport,
  LoadReport,
  TimesReport,
} from "../../../report/schemas/endpoint-bench.js";
import { textTable } from "../../../report/text-table.js";

/** Figures of a load by rate, and where the endpoint ends to carry it. */
export function renderEndpointBench(report: EndpointBenchReport): string {
  const own = report.endpoints.map((endpoint) => endpointLines(endpoint, report));
  const blocks = report.differences.length === 0 ? own : [...own, differenceLines(report)];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function endpointLines(
  endpoint: BenchedEndpoint,
  { arrivals, durationMs, connections }: EndpointBenchReport,
): readonly string[] {
  const limit = connections === null ? "" : `, ${connections} connections`;
  const head = `${endpoint.url}, model ${endpoint.model}: ${arrivals} arrivals for ${durationMs / 1000} s at each rate${limit}`;
  const columns = ["rate/s", "due", "done", "failed", "good/s", "tokens/s", "under way", "state"];
  const loads = textTable(
    columns.map((title) => ({ title, align: title === "state" ? "left" : "right" })),
    endpoint.loads.map(loadRow),
  );
  const { knee } = endpoint;
  const verdict =
    knee.rate === null ? `knee: none found; ${knee.reason}` : `knee: at ${knee.rate}/s: ${knee.reason}`;
  return [head, "", ...loads, "", ...endpoint.loads.flatMap(loadLines), verdict];
}

function loadRow(load: LoadReport): readonly string[] {
  const grows = load.queueGrows ? "+" : "";
  return [
    String(load.rate),
    String(load.arrivals),
    String(load.completed),
    String(load.failed),
    load.goodput === null ? "-" : load.goodput.toFixed(2),
    load.tokensPerSecond === null ? "-" : load.tokensPerSecond.toFixed(0),
    `${load.mostInFlight}${grows}`,
    load.state,
  ];
}

function loadLines(load: LoadReport): readonly string[] {
  const times = textTable(
    [
      { title: `milliseconds at ${load.rate}/s` },
      ...["mean", "p50", "p90", "p95", "p99", "most"].map((title) => ({ title, align: "right" as const })),
    ],
    [
      timesRow("first token, from when it was due", load.intended.ttft),
      timesRow("first token, from when it was sent", load.service.ttft),
      timesRow("gap between tokens", load.gaps),
      timesRow("whole answer, from when it was due", load.intended.e2e),
      timesRow("whole answer, from when it was sent", load.service.e2e),
    ],
  );
  const { generatorLag, gauges } = load;
  const lines = [
    ...times,
    `load generator late by ${generatorLag.p99Ms.toFixed(1)} ms at p99, ${generatorLag.maxMs.toFixed(1)} ms at most`,
  ];
  if (gauges !== null) lines.push(gaugeLine(gauges));
  lines.push(...load.failures.map(({ reason, count }) => `${count} failed: ${reason}`), ...load.reasons, "");
  return lines;
}

function timesRow(name: string, times: TimesReport): readonly string[] {
  const cells = times.quantiles.map(({ value, lower, upper }) => {
    if (value === null) return "-";
    return lower === null || upper === null ? ms(value) : `${ms(value)} (${ms(lower)}-${ms(upper)})`;
  });
  return [
    name,
    times.meanMs === null ? "-" : ms(times.meanMs),
    ...cells,
    times.maxMs === null ? "-" : ms(times.maxMs),
  ];
}

function gaugeLine(gauges: NonNullable<LoadReport["gauges"]>): string {
  const { running, waiting, kvCacheUsage, preemptions, serverTtft, samples } = gauges;
  const parts = [
    running === null ? "" : `running ${running.mean.toFixed(1)} (most ${running.most})`,
    waiting === null ? "" : `waiting ${waiting.mean.toFixed(1)} (most ${waiting.most})`,
    kvCacheUsage === null
      ? ""
      : `KV cache ${(100 * kvCacheUsage.mean).toFixed(0)} % (most ${(100 * kvCacheUsage.most).toFixed(0)} %)`,
    preemptions === null ? "" : `${preemptions} preemptions`,
    serverTtft === null
      ? ""
      : `first token by its buckets p50 ${ms(serverTtft.p50Ms)}, p95 ${ms(serverTtft.p95Ms)} ms`,
  ];
  const told = parts.filter((part) => part !== "").join(", ");
  return `metrics page, ${samples} looks: ${told === "" ? "no gauge that is known" : told}`;
}

function differenceLines({ differences }: EndpointBenchReport): readonly string[] {
  return textTable(
    [
      { title: "second minus first, milliseconds" },
      ...["first", "second", "difference", "0.95 interval"].map((title) => ({
        title,
        align: "right" as const,
      })),
    ],
    differences.filter(({ differenceMs }) => differenceMs !== null).map(differenceRow),
  );
}

function differenceRow({ rate, measure, q, first, second, differenceMs, lower, upper }: BenchDifference) {
  const cell = (value: number | null) => (value === null ? "-" : ms(value));
  const interval = lower === null || upper === null ? "-" : `${ms(lower)} to ${ms(upper)}`;
  return [
    `${measure} p${Math.round(q * 100)} at ${rate}/s`,
    cell(first),
    cell(second),
    cell(differenceMs),
    interval,
  ];
}

function ms(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** One line as soon as a load is done. */
export function renderLoadNote(url: string, load: LoadReport): string {
  const good = load.goodput === null ? "" : `, ${load.goodput.toFixed(2)} good/s`;
  return `${url} at ${load.rate}/s: ${load.completed} of ${load.arrivals} done${good}${load.state === "measured" ? "" : `, ${load.state}`}`;
}
