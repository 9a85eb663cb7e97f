import { z } from "zod";

/** `agentctl canary render --json`. */
export const canaryRender = z.strictObject({
  program: z.string().describe("What the configuration is for."),
  folder: z.string().describe("As it was given."),
  written: z.array(z.string()).readonly().describe("Files, relative to the folder."),
  kept: z
    .array(z.string())
    .readonly()
    .describe("Files that hold the split of a running service, and so were left alone."),
  notes: z
    .array(z.string())
    .readonly()
    .describe("How to run it, what to put into release.yaml, what it does not do."),
});

export type CanaryRender = Readonly<z.infer<typeof canaryRender>>;
