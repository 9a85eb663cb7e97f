import { z } from "zod";
import { count, verdict } from "./shared.js";

/** The suites that `agentctl eval --changed` looked at. */
export const changedSuites = z.strictObject({
  suites: z.array(
    z.strictObject({
      suite: z.string(),
      isRun: z.boolean().describe("Whether it was run; otherwise its earlier run stands."),
      reason: z.string(),
      runId: z.string().describe("The run that counts for the suite now."),
      verdict: verdict.nullable().describe("By the gates as they are now; null without gate rules."),
      exitCode: count.describe("That of the suite alone."),
    }),
  ),
});
