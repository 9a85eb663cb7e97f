import { z } from "zod";
import { modelSchema } from "./agent/model-schema.js";

const metricList = z
  .array(z.string().min(1))
  .min(1)
  .describe(
    "Names, patterns with `*`, `default`, and paths of files with a metric of your own (.ts, .js, .mjs).",
  );

/** One suite of agentctl.yaml: a golden set and the agent that runs on it. */
const suiteSchema = z.strictObject({
  dataset: z.string().describe("JSONL golden set, relative to agentctl.yaml."),
  agent: z.string().describe("Agent file, relative to agentctl.yaml."),
  trials: z.int().positive().default(1).describe("Trials per case."),
  user_model: modelSchema
    .optional()
    .describe("Model that plays the user in cases with a goal and no script."),
  gates: z.string().optional().describe("Gate rules of this suite instead of the project's."),
  metrics: metricList.optional().describe("Metrics of this suite instead of the project's."),
  recording: z.string().optional().describe("Recording that answers for the model and the user."),
});

/** `agentctl.yaml`. */
export const projectSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  default_suite: z.string().describe("Suite that runs when --suite does not name one."),
  suites: z.record(z.string(), suiteSchema).describe("Suites by name."),
  gates: z.string().default("gates.yaml").describe("Gate rules, relative to agentctl.yaml."),
  metrics: metricList.default(["default"]).describe("Metrics that runs are scored by."),
  store: z.string().default(".agentctl/agentctl.db").describe("SQLite file of the run history."),
  reports: z.string().default("reports").describe("Folder for reports."),
  max_concurrency: z.int().positive().default(8).describe("Trials that run at the same time."),
});

export type ProjectConfig = z.output<typeof projectSchema>;
export type SuiteConfig = z.output<typeof suiteSchema>;
