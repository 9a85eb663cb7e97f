import { z } from "zod";

/** `agentctl canary watchdog --json`. */
export const canaryWatchdog = z.strictObject({
  outcome: z
    .enum(["nothing-live", "alive", "in-grace", "at-zero", "set-to-zero", "failed"])
    .describe("Exit code: set-to-zero 1, failed 3, all others 0."),
  reason: z.string(),
  releaseId: z.string().nullable().describe("The live release; null: there is none."),
});

export type CanaryWatchdog = z.infer<typeof canaryWatchdog>;
