import { z } from "zod";
import { count } from "./shared.js";

export const canaryScores = z.strictObject({
  conversations: count.describe("Conversations that were scored."),
  runId: z.string().describe("Run that holds them."),
  events: count.describe("Live events of these conversations, violations among them."),
  newEvents: count.describe("Those of them that were not in the event log before, and were written."),
  violations: count,
  judges: z.array(
    z.strictObject({
      name: z.string(),
      judged: count.describe("Conversations with a verdict."),
      failed: count.describe("Conversations that the judge was asked about in vain."),
      costUsd: z.number().nonnegative(),
    }),
  ),
});

export type CanaryScores = z.output<typeof canaryScores>;
