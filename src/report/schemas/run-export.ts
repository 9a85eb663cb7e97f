import { z } from "zod";
import { goldenCase } from "./golden-case.js";
import { runHeader } from "./run.js";
import { count, hash, scores, trialStatus } from "./shared.js";

const plannedTrial = z.strictObject({
  caseId: z.string(),
  caseHash: hash,
  trial: count,
  position: count.exactOptional().describe("Place in the whole plan; only in a shard."),
});

const row = z.strictObject({
  caseId: z.string(),
  group: z.string(),
  trial: count,
  status: trialStatus,
  errorCode: z.string().nullable(),
  stopReason: z.string().exactOptional(),
  startedAtMs: z.number().exactOptional(),
  durationMs: z.number(),
  untimed: z.string().nullable(),
  costUsd: z.number().nullable(),
  samples: z.record(z.string(), z.array(z.number())).exactOptional(),
  scores,
});

const trial = z.looseObject({
  caseId: z.string(),
  trial: count,
  status: trialStatus,
  startedAt: z.string(),
  durationMs: z.number(),
  events: z.array(z.looseObject({ event_type: z.string(), payload: z.looseObject({}) })),
});

/** One record of an exported run, by its `kind`: the run first, then its cases, its trials, and the hash of them all. */
export const exportRecord = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("run"),
    schema: z.literal("agentctl/run-export"),
    version: z.literal(1),
    hasTrials: z.boolean().describe("Whether conversations are here, or scores alone."),
    run: z.strictObject({ ...runHeader.shape, plan: z.array(plannedTrial) }),
  }),
  z.strictObject({
    kind: z.literal("case"),
    hidden: z.boolean().describe("Whether its texts were left out."),
    case: goldenCase,
  }),
  z.strictObject({ kind: z.literal("trial"), row, trial: trial.exactOptional() }),
  z.strictObject({ kind: z.literal("end"), hash: hash.describe("SHA-256 of the lines above.") }),
]);

/** What `agentctl runs export` wrote. */
export const exportedRun = z.strictObject({
  runId: z.string(),
  file: z.string().describe("As it was given."),
  hash: hash.describe("Of its content."),
  cases: count,
  trials: count,
  hasTrials: z.boolean().describe("Whether conversations are in it, or scores alone."),
});
