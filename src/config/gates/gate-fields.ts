import { z } from "zod";

export const metricName = z.string().min(1).describe("Name of a metric; `agentctl metrics` lists them.");

export const onInconclusive = z.enum(["fail", "inconclusive"]);

const severity = z.enum(["critical", "major", "minor"]);

/** Levels nearer to 1 than a double can say would be certainty. */
export const LEAST_ALPHA = 1e-9;

/** Control characters, line breaks, and marks that turn the direction of writing: a report must not be steered by a name. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** What every gate may say, of whatever kind. */
export const commonShape = {
  name: z
    .string()
    .regex(/^[^\s:][^:]*$/, "wants a name that does not begin with white space and holds no colon")
    .refine((name) => !UNSEEN.test(name), "wants a name on one line, of characters that can be seen")
    .optional()
    .describe("How reports, waivers and `gate explain` call the gate; made of the rule when left out."),
  severity: severity.default("major").describe("critical and major decide; minor only warns."),
  on_inconclusive: onInconclusive
    .optional()
    .describe("Verdict when the evidence is too little; default: that of `defaults`."),
  when: z
    .string()
    .min(1)
    .optional()
    .describe("Condition, e.g. `changed(prompt)`: where it does not hold, the gate is not judged."),
};

/** What a run is compared with: a run of the history, or a file. */
export const baselineName = z
  .string()
  .min(1)
  .describe("`baseline` for that of the file; else a tag, a run id, or the path of an exported run.");

export const oneSidedAlpha = z
  .number()
  .min(LEAST_ALPHA)
  .lt(0.5)
  .optional()
  .describe("One-sided error rate; default: that of `defaults`.");

/** What may be lost: a number in the unit of the metric (0.02 for 2 points), or a share of the baseline such as `10%`. */
export const margin = z
  .union([
    z.number().min(0),
    z.string().regex(/^\d+(\.\d+)?\s*%$/, "wants a number of at least 0, or a share such as 10%"),
  ])
  .describe("In the unit of the metric (0.02 for 2 points), or a share of the baseline (10%).");
