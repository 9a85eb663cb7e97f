import { z } from "zod";

/** One rule of gates.yaml: an absolute threshold on an estimate. */
export const gateRuleSchema = z
  .strictObject({
    metric: z.string(),
    min: z.number().optional().describe("The estimate must be at least this."),
    max: z.number().optional().describe("The estimate must be at most this."),
    bound: z
      .enum(["estimate", "lower", "upper"])
      .default("estimate")
      .describe("What must clear the threshold: the estimate, or a limit of its confidence interval."),
    severity: z.enum(["critical", "major", "minor"]).default("major"),
    on_inconclusive: z.enum(["fail", "inconclusive"]).optional(),
  })
  .refine((rule) => rule.min !== undefined || rule.max !== undefined, {
    message: "wants `min`, `max` or both",
  });

/** `gates.yaml`. */
export const gatesSchema = z.strictObject({
  version: z.literal(1),
  defaults: z
    .strictObject({
      alpha: z.number().gt(0).lt(1).default(0.05).describe("1 - confidence level of the intervals."),
      on_inconclusive: z.enum(["fail", "inconclusive"]).default("fail"),
    })
    .prefault({}),
  gates: z.array(gateRuleSchema).min(1),
});

export type GatesConfig = z.output<typeof gatesSchema>;
export type GateRule = z.output<typeof gateRuleSchema>;
