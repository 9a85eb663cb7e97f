import { z } from "zod";
import { CANARY_THRESHOLD, type CanaryThreshold, parseCanaryThreshold } from "./canary-threshold.js";

const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)\s*([smhd])$/;

/** A time such as `30m`, in milliseconds. */
export const duration = z
  .string()
  .regex(DURATION, "wants a time such as 90s, 30m, 1h or 1d")
  .transform((text) => {
    const [, amount, unit] = DURATION.exec(text) ?? [];
    return Math.round(Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS]);
  });

/** A share such as `25%`, in percent. */
const traffic = z
  .string()
  .regex(
    /^(?!0+(\.0+)?\s*%$)(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%$/,
    "wants a share above 0 % and of at most 100 %, such as 5%",
  )
  .transform((text) => Number.parseFloat(text));

const threshold = z
  .string()
  .regex(
    CANARY_THRESHOLD,
    "wants a change such as `-2% vs control`, `+1 per 10K conversations`, `+500ms vs baseline` or `+0.5%`",
  )
  .transform((text, context): CanaryThreshold => {
    const parsed = parseCanaryThreshold(text);
    if (parsed !== null) return parsed;
    context.addIssue({
      code: "custom",
      message: "wants an amount above 0, and `per` only behind a plain count",
      input: text,
    });
    return z.NEVER;
  });

const stepSchema = z.strictObject({
  traffic: traffic.describe("Share of traffic that the new version gets, e.g. 5%."),
  bake: duration.describe("How long the step lasts at least, e.g. 30m."),
  min_conversations: z
    .int()
    .min(1)
    .optional()
    .describe("The step lasts until the new version had this many conversations."),
  max_bake: duration
    .optional()
    .describe("The step pauses when it has too few conversations by then; four times `bake` unless given."),
  approval: z.enum(["required"]).optional().describe("A person must agree before the next step."),
});

const triggerSchema = z.strictObject({
  threshold: threshold.describe("Change that rolls back: `-2% vs control`, `+1 per 10K conversations`."),
  window: duration
    .refine((ms) => ms > 0, "wants a time above 0")
    .describe("Over how long it is measured, e.g. 15m."),
  mode: z
    .enum(["enforce", "observe"])
    .default("enforce")
    .describe("`observe`: it is shown, and never rolls back."),
});

const limitsSchema = z.strictObject({
  apply_failures: z.int().min(1).default(3).describe("Failed traffic shifts before a rollback."),
  failures: z.int().min(0).default(0).describe("Failed evaluations that are tolerated."),
  inconclusive: z.int().min(0).default(3).describe("Inconclusive evaluations before a pause."),
  consecutive_errors: z
    .int()
    .min(0)
    .default(4)
    .describe("Evaluations without readable figures before a pause."),
});

/** How a version is rolled out, and what takes it back. */
export const canarySchema = z.strictObject({
  steps: z
    .array(stepSchema)
    .min(1)
    .superRefine((steps, context) => {
      for (const [index, step] of steps.entries()) {
        const before = steps[index - 1];
        if (before === undefined || step.traffic > before.traffic) continue;
        context.addIssue({
          code: "custom",
          message: `wants more traffic than the step before it (${before.traffic} %)`,
          path: [index, "traffic"],
          input: step.traffic,
        });
      }
    })
    .describe("In their order; each gives the new version more traffic than the one before."),
  rollback_triggers: z
    .record(z.string().regex(/^[a-z][\w.]*$/, "wants the name of a measure"), triggerSchema)
    .default({})
    .describe("By measure: any of them rolls the new version back."),
  alpha: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.05)
    .describe("Chance of rolling back a version that is as good, over all triggers and looks together."),
  approval: z
    .enum(["required", "none"])
    .default("none")
    .describe("Whether a person must agree before the first step."),
  approval_expires: duration.prefault("24h").describe("An approval that nobody gave by then cancels."),
  limits: limitsSchema.prefault({}).describe("How often what may go wrong."),
  pause_timeout: duration.prefault("2h").describe("How long a paused release waits for a person."),
  on_timeout: z
    .enum(["abort", "hold"])
    .default("abort")
    .describe("What becomes of a paused release that nobody decided on."),
  warmup: duration.prefault("0s").describe("After each shift, not counted for latency: caches are cold."),
  maturation: duration
    .prefault("0s")
    .describe(
      "Age at which a conversation without an outcome counts as unresolved, e.g. 24h; 0s: what outcomes took so far, up to the window of the rule.",
    ),
  watch: duration
    .prefault("0s")
    .describe("How long outcomes are watched after the promotion; stable stays up."),
  gate_report_max_age: duration
    .prefault("7d")
    .describe("The run that the gates passed on must not be older when the release starts."),
});

export type CanaryConfig = z.output<typeof canarySchema>;
