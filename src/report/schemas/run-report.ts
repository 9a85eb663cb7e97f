import { z } from "zod";
import { comparison } from "./comparison.js";
import { gateReport } from "./gate-report.js";
import { goldenCase } from "./golden-case.js";
import { runHeader } from "./run.js";
import {
  check,
  costUsd,
  count,
  estimate,
  layer,
  milliseconds,
  scores,
  trialError,
  trialStatus,
} from "./shared.js";

const trialReport = z.strictObject({
  trial: count.describe("Counted from 0."),
  status: trialStatus,
  stopReason: z.enum([
    "answered",
    "user_stop",
    "environment_done",
    "step_limit",
    "deadline",
    "budget",
    "guardrail",
    "escalated",
    "tool_loop",
    "error",
    "aborted",
  ]),
  error: trialError,
  passed: z.boolean().nullable().describe("null when the trial was not scored for success."),
  failures: z.array(z.string()).describe("Why it failed, one sentence each."),
  answer: z.string().nullable(),
  scores,
  durationMs: milliseconds.nullable().describe("null when a recording does not say."),
  costUsd,
  check,
});

/** A run with its estimates, cases, totals and verdict. */
export const runReport = z.strictObject({
  run: runHeader,
  estimates: z.array(z.strictObject({ ...estimate.shape, layer, description: z.string() })),
  cases: z.array(z.strictObject({ goldenCase, trials: z.array(trialReport) })).describe("In dataset order."),
  totals: z.strictObject({
    planned: count,
    completed: count,
    errors: count,
    passed: count,
    failed: count,
    durationMs: milliseconds.nullable().describe("null when a recording does not say."),
    costUsd: costUsd.describe("US dollars, sum of the known costs; null when none is known."),
    costUnknown: count.describe("Trials whose cost is not known: `costUsd` leaves them out."),
    cachedCalls: count.describe("Model calls that the cache answered; `costUsd` holds their price."),
    userCostUsd: z
      .number()
      .min(0)
      .describe("US dollars of the simulated users' calls; not part of `costUsd`."),
  }),
  usage: z
    .array(
      z.strictObject({
        model: z.string().describe("As provider/name."),
        speaker: z.enum(["agent", "user", "helper"]),
        calls: count.describe("That ended."),
        cached: count.describe("Of them, answered by the cache."),
        inputTokens: count.describe("Of the calls that say so."),
        outputTokens: count,
        costUsd: costUsd.describe("US dollars, sum of the known costs; null when none is known."),
        costUnknown: count.describe("Calls whose cost is not known."),
      }),
    )
    .describe("By model and who it spoke for."),
  gate: gateReport.nullable().describe("null without gate rules."),
  comparison: comparison.nullable().describe("Against the run that --baseline named; null without one."),
});
