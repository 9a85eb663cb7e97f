import { z } from "zod";
import { count } from "./shared.js";

const share = z.number().min(0).max(1);
const time = z.number().min(0).describe("Milliseconds.");

const sight = z.strictObject({
  measure: z.string(),
  detectable: z
    .number()
    .nullable()
    .describe("Least harm that is rolled back with power 80 %; null: none is."),
  resolvesByEnd: z
    .boolean()
    .describe("Whether a canary that is as good passes with power 80 % by the usual bake."),
  resolvesByLongest: z.boolean(),
});

const step = z.strictObject({
  step: count.describe("From 1."),
  percent: z.number(),
  canaryConversations: count,
  stableConversations: count,
  bakeMs: time,
  maxBakeMs: time,
  minConversations: count,
  lastsMs: time
    .nullable()
    .describe("null: its conversations do not come by the longest bake, so that it pauses."),
  waitsFor: z.enum(["bake", "conversations"]),
  needsApproval: z.boolean(),
  zeroEventsBound: share.nullable().describe("Rate that no event so far rules out at 5 %."),
  rules: z.array(sight).describe("By the end of the step, on all evidence since the first one."),
});

const rule = z.strictObject({
  measure: z.string(),
  threshold: z.string(),
  mode: z.enum(["enforce", "observe"]),
  unit: z.enum(["proportion", "ms", "usd", "count", "score"]),
  margin: z.number().nullable(),
  rate: share.nullable().describe("Of stable."),
  neededConversations: count
    .nullable()
    .describe("Of the canary, at the share of the last step with a control."),
  neededMs: time.nullable(),
  resolvableMargin: share.nullable().describe("Least margin that is ruled out by the usual bake."),
  resolvableMarginByLongest: share.nullable(),
  note: z.string().nullable().describe("Why there are no figures."),
});

/** What a rollout can tell, and what it takes, before it starts. */
export const canaryPlan = z.strictObject({
  service: z.string(),
  unit: z.enum(["conversation", "user", "tenant"]),
  perHour: z.number().positive(),
  trafficSource: z.string(),
  stableRate: share,
  stableRateSource: z.string(),
  alpha: share.describe("Of a wrong rollback, over all rules and looks."),
  alphaOfRule: share,
  power: share,
  steps: z.array(step),
  rules: z.array(rule),
  lastsMs: time.nullable(),
  longestMs: time,
  exposedConversations: count.describe("That meet the canary before it is promoted."),
  canaryCostUsd: z.number().nullable(),
  extraCapacity: share.describe("Of the canary at the last step, beside all of stable's."),
  refusals: z.array(z.string()).describe("Empty: the plan can be started."),
  notes: z.array(z.string()),
});
