import { z } from "zod";
import { baselineName, commonShape, margin, metricName, oneSidedAlpha } from "./gate-fields.js";

const bound = z
  .enum(["estimate", "lower", "upper"])
  .default("estimate")
  .describe("What must clear the threshold: the estimate, or a limit of its confidence interval.");

const requires = z
  .literal("calibrated")
  .optional()
  .describe("Says aloud what holds for every metric of a judge: without a calibration it cannot pass.");

/** An absolute threshold on an estimate. */
export const thresholdGateSchema = z
  .strictObject({
    metric: metricName,
    min: z.number().optional().describe("The estimate must be at least this."),
    max: z.number().optional().describe("The estimate must be at most this."),
    bound,
    requires,
    ...commonShape,
  })
  .refine((rule) => rule.min !== undefined || rule.max !== undefined, {
    message: "wants `min`, `max` or both",
  });

/** No worse than a baseline, by a margin. */
export const noWorseGateSchema = z
  .strictObject({
    metric: metricName,
    no_worse_than: baselineName,
    margin: margin.optional(),
    rule: z
      .enum(["non-inferiority", "significant-drop"])
      .default("non-inferiority")
      .describe(
        "non-inferiority: the interval of the difference must exclude a loss of the margin. significant-drop: fails only when the drop is above the margin (default 0.02, or 2% of metrics outside 0 to 1) and p < alpha; it passes for want of proof, and says what it would have caught.",
      ),
    alpha: oneSidedAlpha,
    requires,
    ...commonShape,
  })
  .refine((rule) => rule.margin !== undefined || rule.rule === "significant-drop", {
    message: "wants `margin`: how much may be lost, such as 0.02 or 10%",
  });

/** Better than a baseline. */
export const betterGateSchema = z.strictObject({
  metric: metricName,
  better_than: baselineName,
  margin: margin
    .optional()
    .describe("By more than this, in the unit of the metric or as a share of the baseline; default 0."),
  alpha: oneSidedAlpha,
  requires,
  ...commonShape,
});

/** A metric that must not fall run after run. */
export const trendGateSchema = z.strictObject({
  metric: metricName,
  trend: z.enum(["not-falling", "not-rising", "not-worsening"]).describe("What the runs must not do."),
  runs: z
    .int()
    .min(2)
    .max(100)
    .describe(
      "Fails when so many runs in a row, this one last, fell (rose, worsened) from each to the next. By chance alone that happens once in runs! times.",
    ),
  ...commonShape,
});

function minOf(input: unknown): number {
  return (input as { readonly min: number }).min;
}

/** What of the golden set was looked at: by people, by this run, by a metric. */
export const coverageGateSchema = z
  .strictObject({
    coverage: z
      .enum(["reviewed", "cases", "scored"])
      .describe(
        "reviewed: share of cases with an approved human review. cases: number of cases. scored: share of planned trials with a score of `metric`.",
      ),
    metric: metricName.optional(),
    where: z.string().min(1).optional().describe("Cases that count, e.g. `risk = high and tag = refund`."),
    by: z
      .enum(["tag", "risk", "split", "group", "tenant"])
      .optional()
      .describe("Every slice that occurs must reach `min` alone."),
    min: z.number().min(0).describe("Share in 0 to 1 (reviewed, scored), or number of cases (cases)."),
    ...commonShape,
  })
  .refine((rule) => (rule.coverage === "scored") === (rule.metric !== undefined), {
    message: "wants `metric` with `coverage: scored`, and with no other coverage",
  })
  .refine((rule) => rule.coverage === "cases" || rule.min <= 1, {
    path: ["min"],
    error: ({ input }) => `wants a share in 0 to 1, such as 0.95 for 95 %, found ${minOf(input)}`,
  })
  .refine((rule) => rule.coverage !== "cases" || (Number.isInteger(rule.min) && rule.min >= 1), {
    path: ["min"],
    error: ({ input }) => `wants a whole number of cases, at least 1, found ${minOf(input)}`,
  });

/** Cases that may never fail again. */
export const mustPassGateSchema = z.strictObject({
  must_pass: z
    .union([z.array(z.string().min(1)).min(1), z.string().min(1)])
    .describe("Case ids, or a condition such as `tag = regression`."),
  trials: z
    .enum(["all", "any", "majority"])
    .default("all")
    .describe("Trials of a case that must pass; majority: more than half."),
  ...commonShape,
});

/** What the whole run may take. */
export const budgetGateSchema = z.strictObject({
  budget: z
    .enum(["usd", "tokens", "seconds"])
    .describe(
      "What all trials of the run may take together. seconds: the sum of their durations, however many ran at once.",
    ),
  max: z.number().min(0).describe("US dollars, tokens or seconds."),
  ...commonShape,
});

const leafGateSchema = z.union([
  thresholdGateSchema,
  noWorseGateSchema,
  betterGateSchema,
  trendGateSchema,
  coverageGateSchema,
  mustPassGateSchema,
  budgetGateSchema,
]);

const ALL = "Gates that must all pass.";
const ANY = "Gates of which one must pass.";
const innerAllSchema = z.strictObject({ all: z.array(leafGateSchema).min(1).describe(ALL), ...commonShape });
const innerAnySchema = z.strictObject({ any: z.array(leafGateSchema).min(1).describe(ANY), ...commonShape });
const partSchema = z.union([...leafGateSchema.options, innerAllSchema, innerAnySchema]);

const allGateSchema = z.strictObject({ all: z.array(partSchema).min(1).describe(ALL), ...commonShape });
const anyGateSchema = z.strictObject({ any: z.array(partSchema).min(1).describe(ANY), ...commonShape });

/** One rule of `gates`: its kind follows from its keys. */
export const gateSchema = z.union([...leafGateSchema.options, allGateSchema, anyGateSchema]);

/** A rule on every slice of the golden set. */
export const sliceGateSchema = z
  .strictObject({
    by: z
      .array(z.enum(["tag", "risk", "split", "group", "tenant"]))
      .min(1)
      .describe(
        "What the cases are divided by. A case is in as many slices as it has tags; `tenant:NAME` tags name its tenant.",
      ),
    metric: metricName,
    no_worse_than: baselineName.optional(),
    margin: margin.optional(),
    min: z.number().optional().describe("The estimate of every slice must be at least this."),
    max: z.number().optional().describe("The estimate of every slice must be at most this."),
    bound,
    min_cases: z
      .int()
      .min(1)
      .default(1)
      .describe("Slices with fewer cases are listed as inconclusive, without a say in the verdict."),
    correction: z
      .enum(["holm", "none"])
      .default("holm")
      .describe(
        "holm: a slice fails only when the chance of even one false failure among all of them stays below alpha. A pass needs no correction: all slices must be shown.",
      ),
    alpha: oneSidedAlpha,
    ...commonShape,
  })
  .refine(
    (rule) => (rule.no_worse_than !== undefined) !== (rule.min !== undefined || rule.max !== undefined),
    {
      message: "wants either `no_worse_than` with `margin`, or `min` or `max`",
    },
  );

export type ThresholdGate = z.output<typeof thresholdGateSchema>;
export type NoWorseGate = z.output<typeof noWorseGateSchema>;
export type BetterGate = z.output<typeof betterGateSchema>;
export type TrendGate = z.output<typeof trendGateSchema>;
export type CoverageGate = z.output<typeof coverageGateSchema>;
export type MustPassGate = z.output<typeof mustPassGateSchema>;
export type BudgetGate = z.output<typeof budgetGateSchema>;
export type SliceGate = z.output<typeof sliceGateSchema>;
export type GateRule = z.output<typeof gateSchema>;
export type AllGate = Extract<GateRule, { readonly all: unknown }>;
export type AnyGate = Extract<GateRule, { readonly any: unknown }>;
