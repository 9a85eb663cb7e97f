import { z } from "zod";
import { count } from "./shared.js";

export const ciAnnotations = z.strictObject({
  annotations: z
    .array(
      z.strictObject({
        level: z.enum(["error", "warning", "notice"]),
        file: z.string().nullable().describe("Relative to the root of the repository."),
        line: z.int().nullable().describe("From 1."),
        title: z.string(),
        message: z.string(),
      }),
    )
    .describe("The most serious of each run first; all of them, however many a code host shows."),
});

export const ciOutputs = z.strictObject({
  verdict: z
    .enum(["pass", "fail", "inconclusive", "error", "skipped", "none"])
    .describe("The worst of the runs; skipped: nothing was to run; none: no gate judged."),
  runIds: z.array(z.string()),
  passRate: z.number().nullable().describe("Passed of scored trials, 0 to 1."),
  passed: count,
  failed: count,
  errors: count,
  costUsd: z.number().nullable().describe("As far as known."),
});

export const ciComment = z.strictObject({
  action: z.enum(["created", "updated", "none"]).describe("none: the job runs for no pull or merge request."),
  place: z.string().nullable(),
  url: z.string().nullable(),
});

export const ciSummary = z.strictObject({ markdown: z.string().describe("What a step summary shows.") });
