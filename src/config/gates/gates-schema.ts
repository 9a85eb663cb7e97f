import { z } from "zod";
import { canarySchema } from "./canary-schema.js";
import { baselineName, LEAST_ALPHA, onInconclusive } from "./gate-fields.js";
import { gateSchema, sliceGateSchema } from "./gate-schema.js";

/** Somebody answers for a gate that does not pass. */
const waiverSchema = z.strictObject({
  gate: z.string().min(1).describe("Name of the gate, as reports show it."),
  by: z.string().min(1).describe("Who answers for it."),
  reason: z.string().min(1).describe("Why it may be passed over."),
  until: z.iso.date().describe("Last day on which it holds, e.g. 2026-12-31."),
});

const flakySchema = z.strictObject({
  history: z
    .int()
    .min(2)
    .max(100)
    .default(10)
    .describe("Earlier runs of the same golden set that say how often the trials of a case disagree."),
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.01)
    .describe("A case is flaky when its trials disagree beyond its history with a p below this."),
});

/** `gates.yaml`. */
export const gatesSchema = z.strictObject({
  version: z.literal(1).describe("Version of this file format."),
  imports: z
    .array(z.string().min(1))
    .optional()
    .describe("Other gate files, relative to this one: their gates, slices and waivers hold as well."),
  baseline: baselineName
    .default("main")
    .describe("What `baseline` in a gate means: a tag, a run id, or the path of an exported run."),
  defaults: z
    .strictObject({
      alpha: z
        .number()
        .min(LEAST_ALPHA)
        .lt(1)
        .default(0.05)
        .describe("1 - confidence level of the intervals."),
      on_inconclusive: onInconclusive.default("fail").describe("Verdict when the evidence is too little."),
    })
    .prefault({})
    .describe("What holds for every rule that does not say otherwise."),
  gates: z
    .array(gateSchema)
    .default([])
    .describe("Rules; all of them must pass. Not empty, but in a file that has `slices` or `imports`."),
  slices: z.array(sliceGateSchema).optional().describe("Rules for every slice of the golden set."),
  flaky: flakySchema
    .optional()
    .describe("Cases whose trials disagree beyond their history are reported apart; never hidden."),
  waivers: z.array(waiverSchema).optional().describe("Gates that somebody lets pass until a day."),
  canary: canarySchema.optional().describe("How a version that passed is rolled out."),
});

export type GatesConfig = z.output<typeof gatesSchema>;
export type Waiver = z.output<typeof waiverSchema>;
