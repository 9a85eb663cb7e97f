import { z } from "zod";
import { count, hash, milliseconds, timestamp } from "./shared.js";

const basisPoints = z.int().min(0).max(10_000).describe("Share of the new version, basis points.");

const state = z.strictObject({
  text: z.string().describe("E.g. BAKING(1) or PAUSED(1, srm)."),
  name: z.string(),
  step: count.nullable().describe("From 0; null: the state is of no step."),
  reason: z.string().nullable().describe("Why it is paused; null: it is not."),
});

const artefact = z.strictObject({
  agentVersion: z.string(),
  url: z.string(),
  model: z.string().nullable(),
  runId: z.string().nullable().describe("Run that its gates passed on; null: none is known."),
});

const release = z.strictObject({
  id: z.string(),
  service: z.string(),
  state,
  since: timestamp.describe("When the state began."),
  author: z.string(),
  createdAt: timestamp,
  planHash: hash,
  canary: artefact,
  stable: artefact.describe("What it replaces."),
});

export const canaryRow = z.strictObject({
  seq: count.describe("Over all releases of the journal."),
  epoch: count,
  at: timestamp,
  kind: z.enum(["transition", "intent", "readback", "evaluation", "note"]),
  event: z.string(),
  from: z.string(),
  to: z.string(),
  targetBps: basisPoints.nullable(),
  previousBps: basisPoints.nullable(),
  salt: z.string().nullable(),
  reason: z.string(),
  evidenceHash: hash.nullable(),
  actor: z.string(),
});

/** `agentctl canary status --json`. */
export const canaryStatus = z.strictObject({
  release,
  outcome: z
    .enum(["promoted", "rolled-back", "cancelled", "superseded", "live", "held"])
    .describe("Exit code: promoted 0, rolled-back, cancelled and superseded 1, held 3, live 4."),
  confirmedBps: basisPoints.describe("Share that was last read back from the router, by the journal."),
  steps: z.array(
    z.strictObject({
      step: count,
      bps: basisPoints,
      bakeMs: milliseconds,
      maxBakeMs: milliseconds,
      minConversations: count,
      needsApproval: z.boolean(),
      startedAt: timestamp.nullable().describe("null: it has had no traffic."),
      endedAt: timestamp.nullable(),
    }),
  ),
  bakedMs: milliseconds.describe("Of the present step, without down-time."),
  extendedMs: milliseconds.describe("Added to its longest bake."),
  counters: z.strictObject({
    applyFailures: count,
    failures: count,
    inconclusive: count,
    consecutiveErrors: count,
  }),
  unknownCapacity: z
    .strictObject({ since: timestamp, reason: z.string() })
    .nullable()
    .describe(
      "That its controller cannot read how full an arm is, and since when; null: nothing is missing.",
    ),
  controller: z
    .strictObject({ holder: z.string(), epoch: count, expiresAt: timestamp, isAlive: z.boolean() })
    .nullable()
    .describe("null: none holds the release."),
  requests: z
    .array(z.strictObject({ at: timestamp, request: z.string(), actor: z.string(), reason: z.string() }))
    .describe("What people asked for and no controller has answered yet."),
  takes: z.array(z.string()).describe("Commands that the state takes."),
  last: canaryRow.nullable().describe("The last transition."),
});

/** `agentctl canary approve`, `reject`, `pause`, `resume`, `extend` and `promote` with `--json`. */
export const canaryRequest = z.strictObject({
  releaseId: z.string(),
  request: z.string().describe("The command."),
  actor: z.string(),
  reason: z.string(),
  outcome: z
    .enum(["done", "waiting"])
    .describe("waiting: it stands in the journal, and no controller has answered it yet."),
  hasController: z.boolean().describe("Whether a controller was alive."),
  state,
});

/** `agentctl canary rollback --json`. */
export const canaryRollback = z.strictObject({
  releaseId: z.string().nullable().describe("null: nothing was live."),
  outcome: z
    .enum(["rolled-back", "cancelled", "nothing-live", "held", "pointed-back"])
    .describe("held: the stable arm is down and the canary healthy. pointed-back: --to."),
  by: z.enum(["controller", "command"]).nullable().describe("Who took the traffic back."),
  actor: z.string(),
  reason: z.string(),
  state: state.nullable(),
  stable: artefact.nullable().describe("What the pointer of the service names now; null: nothing yet."),
  splitBps: basisPoints.nullable().describe("As it was read back from the router; null: it was not touched."),
  notes: z.array(z.string()),
});

/** `agentctl canary history --json`. */
export const canaryHistory = z.strictObject({
  service: z.string(),
  releases: z.array(z.strictObject({ ...release.shape, rows: z.array(canaryRow) })).describe("Newest first."),
});

/** `agentctl canary export --json`. */
export const canaryExport = z.strictObject({
  service: z.string(),
  releases: z
    .array(
      z.strictObject({
        ...release.shape,
        plan: z.record(z.string(), z.json()).describe("Frozen; its content hash is planHash."),
        rows: z.array(canaryRow),
      }),
    )
    .describe("Newest first."),
  evidence: z.record(z.string(), z.json()).describe("By content hash; what rows and plans rest on."),
  problems: z
    .array(z.string())
    .describe("Hashes that do not fit what they name, and evidence that is missing."),
});

export type CanaryState = z.output<typeof state>;
export type CanaryRelease = z.output<typeof release>;
export type CanaryRow = z.output<typeof canaryRow>;
export type CanaryStatus = z.output<typeof canaryStatus>;
export type CanaryRequest = z.output<typeof canaryRequest>;
export type CanaryRollback = z.output<typeof canaryRollback>;
export type CanaryHistory = z.output<typeof canaryHistory>;
export type CanaryExport = z.output<typeof canaryExport>;
