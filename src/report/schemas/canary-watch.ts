import { z } from "zod";
import { canaryRow, canaryStatus } from "./canary-command.js";
import { costUsd, count, milliseconds, timestamp, verdict } from "./shared.js";

const arm = z.enum(["stable", "canary"]);

const armFigures = z.strictObject({
  arm,
  conversations: count.describe("Since the release began, assigned at random."),
  requests: count,
  failed: count.describe("Requests that were not answered well."),
  errorRate: z.number().min(0).max(1).nullable().describe("Of requests; null: there is none."),
  p50Ms: milliseconds.nullable().describe("Latency of requests that were answered well."),
  p95Ms: milliseconds.nullable(),
  firstTokenP95Ms: milliseconds.nullable().describe("null: no answer was streamed."),
  costUsd: costUsd.describe("Of all requests with a price; null: none has one."),
  inputTokensPerConversation: z
    .number()
    .nullable()
    .describe("Mean of the conversations of which every request tells its tokens; null: there is none."),
  outputTokensPerConversation: z.number().nullable(),
  isUp: z
    .boolean()
    .nullable()
    .describe("Whether the router would send traffic to it; null: it does not tell."),
});

const figure = z.strictObject({ value: z.number().nullable(), conversations: count });

const rule = z.strictObject({
  measure: z.string(),
  unit: z.enum(["proportion", "ms", "usd", "count", "score"]),
  mode: z.enum(["enforce", "observe"]),
  harm: z.enum(["rise", "drop"]).describe("Which way is worse."),
  trigger: z.string().describe("What takes the new version back, in words."),
  margin: z.number().nullable().describe("The same as a difference, in the unit; null: not known yet."),
  canary: figure,
  reference: figure,
  difference: z.number().nullable().describe("Canary minus reference."),
  lower: z
    .number()
    .nullable()
    .describe("Limit of the confidence sequence, at all looks together; null: none yet."),
  upper: z.number().nullable(),
  alpha: z.number().describe("Share of the plan's alpha that this rule may spend."),
  verdict,
  trips: z.boolean().describe("Whether it takes the new version back at once."),
  reason: z.string(),
});

/** `agentctl canary watch --json`. */
export const canaryWatch = z.strictObject({
  at: timestamp,
  status: canaryStatus,
  router: z
    .strictObject({
      kind: z.string(),
      bps: z.int().nullable().describe("Share that the router has now; null: it could not be read."),
      reason: z.string().nullable().describe("Why it could not be read."),
    })
    .describe("Read when this was made; `status.confirmedBps` is what the journal says."),
  targetBps: z.int().nullable().describe("Share that was last to be set; null: none yet."),
  stepConversations: count.describe("Of the new version, in the present step."),
  arms: z.array(armFigures),
  decision: z
    .strictObject({
      verdict,
      reason: z.string(),
      abort: z.string().nullable(),
      mismatch: z.string().nullable().describe("What is wrong with the split; null: as configured."),
      control: z.string().nullable().describe("Why nothing can be compared with stable now; null: it can."),
      capacity: z.string().nullable(),
      unassigned: count,
      notes: z.array(z.string()),
    })
    .nullable()
    .describe("What the figures say now; null: no traffic yet."),
  rules: z.array(rule),
  alpha: z.number().describe("Of the plan: over all rules and looks together."),
  unreadable: z.array(z.string()),
  next: z
    .array(z.string())
    .describe("What the release waits for, and why; the first sentence is the most pressing."),
  rows: z.array(canaryRow).describe("The last five of the journal but for notices, oldest first."),
});

export type CanaryWatch = z.output<typeof canaryWatch>;
