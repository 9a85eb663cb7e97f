import { z } from "zod";
import { count, milliseconds } from "./shared.js";

const rate = z.number().nonnegative().describe("Requests a second.");

const quantile = z.strictObject({
  q: z.number().gt(0).lt(1),
  value: z.number().nullable().describe("null: too few values for an interval around it."),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});

const times = z.strictObject({
  n: count,
  meanMs: z.number().nullable(),
  maxMs: z.number().nullable(),
  quantiles: z.array(quantile).describe("Milliseconds, with an interval from order statistics at 0.95."),
});

const gauge = z
  .strictObject({ least: z.number(), mean: z.number(), most: z.number() })
  .nullable()
  .describe("null: the page does not say.");

const load = z.strictObject({
  rate: rate.describe("Requests a second that were planned."),
  state: z
    .enum(["measured", "error", "interrupted"])
    .describe("error: the figures say nothing of the endpoint; `reasons` says why."),
  reasons: z.array(z.string()),
  arrivals: count.describe("Requests that were due."),
  offered: rate.describe("Requests that were due, a second."),
  completed: count,
  failed: count,
  unfinished: count.describe("Cut by an interruption."),
  failures: z.array(z.strictObject({ reason: z.string(), count })),
  intended: z
    .strictObject({ ttft: times, e2e: times })
    .describe("From the moment at which the request was due: what a user waits."),
  service: z
    .strictObject({ ttft: times, e2e: times })
    .describe("From the moment at which it was sent: what closed-loop tools report."),
  gaps: times.describe(
    "Between two pieces of an answer, each gap by itself; no intervals: gaps depend on each other.",
  ),
  outputTokens: count
    .nullable()
    .describe("As the endpoint counted them; null when it did not for every request."),
  pieces: count.describe("Pieces of text that arrived; a server may send several tokens in one."),
  tokensPerSecond: z.number().nonnegative().nullable(),
  goodput: rate.nullable().describe("Requests a second that met all objectives; null when `state` is error."),
  goodShare: z.number().min(0).max(1).nullable(),
  mostInFlight: count,
  queueGrows: z.boolean().describe("Whether more and more requests were under way."),
  generatorLag: z.strictObject({
    p99Ms: milliseconds,
    maxMs: milliseconds,
    limitMs: milliseconds.describe("Above this at p99 the load is refused."),
  }),
  gauges: z
    .strictObject({
      samples: count,
      running: gauge,
      waiting: gauge,
      kvCacheUsage: gauge,
      preemptions: z.number().nullable().describe("During the load."),
      serverTtft: z
        .strictObject({ n: z.number().nonnegative(), p50Ms: milliseconds, p95Ms: milliseconds })
        .nullable()
        .describe("Time to first token by the server's own histogram, as exact as its buckets."),
    })
    .nullable()
    .describe("Of the metrics page while the load ran; null without one."),
});

const knee = z.strictObject({
  rate: rate.nullable().describe("First rate of the sweep that the endpoint did not carry; null: none."),
  carried: rate.nullable().describe("Highest rate below it that it carried; null: none."),
  reason: z.string(),
});

const benched = z.strictObject({
  url: z.string(),
  model: z.string(),
  loads: z.array(load).describe("In the order of the rates."),
  knee,
});

const difference = z.strictObject({
  rate,
  measure: z.enum(["ttft", "e2e", "gap"]),
  q: z.number(),
  first: z.number().nullable(),
  second: z.number().nullable(),
  differenceMs: z.number().nullable().describe("Second minus first; null when too few values were there."),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
});

/** `agentctl endpoint bench --json`. */
export const endpointBench = z.strictObject({
  arrivals: z.enum(["poisson", "constant"]),
  seed: z.int(),
  durationMs: milliseconds.describe("Of the arrivals of one rate."),
  connections: z.int().positive().nullable().describe("Requests under way at most; null: no limit."),
  objectives: z.strictObject({
    ttftMs: z.number().nullable(),
    itlMs: z.number().nullable().describe("Mean gap of a request."),
    gapMs: z.number().nullable().describe("Longest gap of a request."),
    e2eMs: z.number().nullable(),
  }),
  endpoints: z.array(benched).min(1).max(2),
  differences: z.array(difference).describe("Intervals by bootstrap over requests; empty for one endpoint."),
});

export type LoadReport = z.output<typeof load>;
export type KneeReport = z.output<typeof knee>;
export type TimesReport = z.output<typeof times>;
export type GaugeReport = NonNullable<z.output<typeof gauge>>;
export type BenchedEndpoint = z.output<typeof benched>;
export type BenchDifference = z.output<typeof difference>;
export type EndpointBenchReport = z.output<typeof endpointBench>;
export type Objectives = EndpointBenchReport["objectives"];
