import { z } from "zod";
import { runHeader } from "./run.js";
import { count, hash, layer, metricFacts, timestamp } from "./shared.js";

const point = z.strictObject({
  runId: z.string(),
  value: z.number().nullable().describe("null where the run has none; `reason` says why."),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  n: count,
  clusters: count,
  method: z.string(),
  reason: z.string().exactOptional(),
});

/** One metric over the stored runs of a suite, oldest first. */
export const metricTrend = z.strictObject({
  suite: z.string(),
  metric: z.string(),
  layer,
  ...metricFacts,
  description: z.string(),
  level: z.number().gt(0).lt(1),
  runs: z.array(
    z.strictObject({
      runId: z.string(),
      createdAt: timestamp,
      status: runHeader.shape.status,
      agentName: z.string(),
      agentVersion: hash,
      datasetHash: hash,
      tags: z.array(z.string()),
      isNewAgent: z.boolean().describe("Whether the agent version differs from the run before."),
      isNewDataset: z.boolean(),
    }),
  ),
  baseline: z
    .strictObject({ tag: z.string(), runId: z.string() })
    .nullable()
    .describe("The newest run with the tag, if it is one of the runs."),
  gate: z
    .strictObject({
      min: z.number().nullable(),
      max: z.number().nullable(),
      bound: z.enum(["estimate", "lower", "upper"]),
    })
    .nullable()
    .describe("The rule of gates.yaml for the metric."),
  series: z
    .array(
      z.strictObject({ by: z.string().nullable(), slice: z.string().nullable(), points: z.array(point) }),
    )
    .describe("The whole run first, then its slices."),
});
