import { z } from "zod";

export const timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)
  .describe("ISO 8601, UTC.");
export const count = z.int().nonnegative();
export const milliseconds = z.number().nonnegative().describe("Milliseconds.");
export const costUsd = z
  .number()
  .nonnegative()
  .nullable()
  .describe("US dollars; null when no price is known.");
export const hash = z.string().describe("Content hash.");

export const verdict = z.enum(["pass", "fail", "inconclusive", "error"]);

export const metricFacts = {
  unit: z.enum(["proportion", "ms", "usd", "count", "tokens", "score", "rating"]),
  direction: z.enum(["higher", "lower"]).describe("Which way is better."),
};

export const layer = z.enum(["retrieval", "generation", "agent", "operations", "safety"]);

const score = z.union([
  z.strictObject({ value: z.number(), detail: z.string().exactOptional() }),
  z.strictObject({ value: z.null(), reason: z.string().describe("Why there is no score.") }),
]);

export const scores = z.record(z.string(), score).describe("By metric name.");

export const estimate = z.strictObject({
  metric: z.string(),
  ...metricFacts,
  value: z.number().nullable().describe("null when nothing could be computed; `reason` says why."),
  lower: z.number().nullable().describe("Lower limit at `level`; null where none can be given."),
  upper: z.number().nullable().describe("Upper limit at `level`; null where none can be given."),
  level: z.number().gt(0).lt(1).describe("Confidence level of the interval."),
  n: count.describe("Trials that were scored."),
  unscored: z.record(z.string(), count).describe("Trials without a score, by reason."),
  clusters: count.describe("Independent clusters: cases or groups."),
  method: z.string().describe("Statistical method of the interval."),
  reason: z.string().exactOptional(),
});

export const trialStatus = z
  .enum(["completed", "error"])
  .describe("error: infrastructure failed, nothing can be said of the agent.");

export const trialError = z
  .strictObject({ code: z.string(), message: z.string(), isRetryable: z.boolean() })
  .nullable();

export const check = z
  .strictObject({
    reward: z.union([z.literal(0), z.literal(1)]),
    stateMatches: z.boolean().nullable(),
    stateHash: z.string().nullable(),
    expectedStateHash: z.string().nullable(),
    missingOutputs: z.array(z.string()).describe("Expected outputs that no reply contains."),
    stateDifferences: z.array(z.string()).describe("Paths that differ, at most 20."),
  })
  .nullable()
  .describe("Verdict of the environment; null without one.");
