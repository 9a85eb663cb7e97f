import { z } from "zod";

/** One rule of gates.yaml: an absolute threshold on an estimate. */
const gateRuleSchema = z
  .strictObject({
    metric: z.string().describe("Name of a metric; `agentctl metrics` lists them."),
    min: z.number().optional().describe("The estimate must be at least this."),
    max: z.number().optional().describe("The estimate must be at most this."),
    bound: z
      .enum(["estimate", "lower", "upper"])
      .default("estimate")
      .describe("What must clear the threshold: the estimate, or a limit of its confidence interval."),
    severity: z
      .enum(["critical", "major", "minor"])
      .default("major")
      .describe("How much a failure matters to readers of the report."),
    requires: z
      .literal("calibrated")
      .optional()
      .describe("Says aloud what holds for every metric of a judge: without a calibration it cannot pass."),
    on_inconclusive: z
      .enum(["fail", "inconclusive"])
      .optional()
      .describe("Verdict when the evidence is too little; default: that of `defaults`."),
  })
  .refine((rule) => rule.min !== undefined || rule.max !== undefined, {
    message: "wants `min`, `max` or both",
  });

/** `gates.yaml`. */
export const gatesSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  defaults: z
    .strictObject({
      alpha: z.number().gt(0).lt(1).default(0.05).describe("1 - confidence level of the intervals."),
      on_inconclusive: z
        .enum(["fail", "inconclusive"])
        .default("fail")
        .describe("Verdict when the evidence is too little."),
    })
    .prefault({})
    .describe("What holds for every rule that does not say otherwise."),
  gates: z.array(gateRuleSchema).min(1).describe("Rules; all of them must pass."),
});

export type GatesConfig = z.output<typeof gatesSchema>;
export type GateRule = z.output<typeof gateRuleSchema>;
