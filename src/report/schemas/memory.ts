import { z } from "zod";
import { count, timestamp } from "./shared.js";

export const memoryList = z.strictObject({
  tenantId: z.string(),
  userId: z.string(),
  sessions: count.describe("Sessions that are stored of the user."),
  facts: z
    .array(
      z.strictObject({
        id: z.string(),
        kind: z.string().describe("preference, profile, fact, issue, satisfaction or summary."),
        subject: z.string(),
        attribute: z.string(),
        text: z.string(),
        source: z.string().describe("Conversation that it was learned in."),
        observedAt: timestamp,
        expiresAt: timestamp.nullable().describe("null: kept until it is forgotten."),
        isCurrent: z.boolean().describe("false: history."),
        replacedBy: z.string().nullable().describe("Id of the newer fact."),
      }),
    )
    .describe("The last observed first."),
});

export const forgottenFacts = z.strictObject({
  ids: z.array(z.string()).describe("Facts that matched."),
  facts: count.describe("Facts removed, with the history that they replaced."),
  vectors: count,
});

const receipt = z.strictObject({
  id: z.string(),
  user: z
    .strictObject({ salt: z.string(), hash: z.string() })
    .describe("Content hash of the list of salt, tenant and user."),
  requestedAt: timestamp,
  completedAt: timestamp,
  interruptions: count.describe("Earlier runs of this deletion that were cut off."),
  stores: z.array(
    z.strictObject({ store: z.string(), removed: z.record(z.string(), count).describe("By kind.") }),
  ),
  verification: z
    .strictObject({
      files: count,
      bytes: count,
      texts: count.describe("Pieces of the user's conversations, facts and documents that were looked for."),
      patterns: count.describe("Forms that they were looked for in, such as base64."),
      sharedTexts: count.describe(
        "Pieces that others said or were told as well: that their databases hold them counts as no hit.",
      ),
      filesWithHits: z.array(z.string()).describe("Files that still hold one."),
    })
    .describe("Scan of the raw bytes of every file afterwards."),
  agentctlVersion: z.string(),
});

export const deletionReceipt = z.strictObject({
  receipt,
  contentHash: z.string().describe("SHA-256 of the canonical JSON of `receipt`."),
  signature: z.strictObject({
    algorithm: z.literal("ed25519"),
    publicKey: z.string().describe("DER (SPKI) in base64."),
    value: z.string().describe("Of the canonical JSON of `receipt`, base64."),
  }),
});

export const receiptCheck = z.strictObject({
  isGenuine: z.boolean().describe("Whether content and signature belong together."),
  isOurs: z.boolean().nullable().describe("Whether this project's key signed it; null: it has none."),
  isForUser: z.boolean().nullable().describe("Whether it is for --user; null when none was asked about."),
  keyFingerprint: z.string().describe("SHA-256 of the public key."),
  receipt,
});
