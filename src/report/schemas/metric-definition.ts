import { z } from "zod";
import { layer, metricFacts } from "./shared.js";

/** A metric as `metrics` and `metrics show` print it. */
export const metricDefinition = z.strictObject({
  name: z.string(),
  layer,
  level: z.enum(["case", "run"]),
  ...metricFacts,
  given: z
    .enum(["default", "on-request", "own", "judge"])
    .describe(
      "default: every run has it; on-request: where agentctl.yaml, gates.yaml or score names it; own: by a file of the project; judge: by score --judge.",
    ),
  description: z.string(),
  needs: z.array(z.string()),
  source: z.string(),
  range: z.string().describe("Least and largest value."),
  rules: z
    .strictObject({
      empty: z.string(),
      refusal: z.string().nullable().describe("null where it makes no difference."),
      unsupportedClaim: z.string().nullable().describe("null for metrics that read no claims."),
    })
    .describe("What the metric gives where tools disagree."),
  agreesWith: z.string().describe("Tools that give the same or another number under the name."),
  interval: z.string().describe("How an estimate over a run gets its interval."),
});
