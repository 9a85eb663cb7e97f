import { z } from "zod";
import { count, hash, layer, metricFacts, timestamp } from "./shared.js";

/** The header of a run without its plan. */
export const runHeader = z.strictObject({
  id: z.string(),
  suite: z.string(),
  createdAt: timestamp,
  finishedAt: timestamp.nullable(),
  status: z
    .enum(["running", "complete", "interrupted", "budget_exhausted", "failed_fast", "decided"])
    .describe("Only complete covered every planned trial; decided: the others could not change the verdict."),
  datasetPath: z.string(),
  datasetHash: hash,
  agentName: z.string(),
  agentVersion: hash.describe("Content hash of agent file, prompts, tools and model parameters."),
  parts: z
    .record(z.string(), hash)
    .exactOptional()
    .describe("Content hashes by part: prompt, model, tools, …; a part that nobody knows is absent."),
  promptVersion: z.string().nullable().describe("null when a recording does not say."),
  provider: z.string(),
  model: z.string(),
  userModel: z.string().nullable().describe("Model that plays the user, as provider/name."),
  judges: z
    .array(z.strictObject({ metric: z.string(), version: z.string() }))
    .describe("Judges that gave scores of this run."),
  seed: count,
  trialsPerCase: z.int().positive(),
  gitCommit: z.string().nullable(),
  gitDirty: z.boolean().nullable(),
  tags: z.array(z.string()),
  notes: z.array(z.string()).describe("What a reader of the results must know, one sentence each."),
  metrics: z.array(z.string()).describe("Names of the metrics that the run is estimated by."),
  customMetrics: z
    .array(
      z.strictObject({
        name: z.string(),
        layer,
        ...metricFacts,
        scale: z
          .strictObject({ min: z.number(), max: z.number() })
          .exactOptional()
          .describe("Worst and best grade of a rating."),
        aggregate: z.enum(["proportion", "mean", "sum"]),
        description: z.string(),
      }),
    )
    .describe("Metrics that agentctl does not define: of the project, or scores that an import brought."),
  invocation: z.record(z.string(), z.unknown()).describe("Flags that the run was started with."),
  agentctlVersion: z.string(),
  shard: z
    .strictObject({
      index: z.int().positive(),
      of: z.int().positive(),
      planHash: hash.describe("Of the whole plan."),
      planned: count.describe("Trials of the whole plan."),
    })
    .exactOptional()
    .describe("Which part of an evaluation the run is; absent for a whole one."),
  inputsHash: hash.exactOptional().describe("Of everything that decided the run; absent where not known."),
  baselineRun: z
    .string()
    .exactOptional()
    .describe("Id of the run that gates compared with when the run was made."),
});

/** A run in a list: its header and what was stored so far. */
export const runSummary = z.strictObject({
  ...runHeader.shape,
  planned: count.describe("Trials that the plan holds."),
  trials: count.describe("Trials stored, errors included."),
  passed: count,
  failed: count,
  errors: count.describe("Trials that infrastructure broke."),
});
