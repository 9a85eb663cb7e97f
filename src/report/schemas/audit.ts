import { z } from "zod";
import { count, hash, timestamp } from "./shared.js";

const auditItem = z.strictObject({
  sequence: count.describe("From 0 within the trial."),
  time: timestamp,
  conversation_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  subject: z.string().nullable().describe("Rule, tool or strategy that it is about."),
  decision: z.string().nullable(),
  classifier: z.string().nullable().describe("Name and version of what decided."),
  score: z.number().min(0).max(1).nullable().describe("Of the classifier."),
  document_ids: z.array(z.string()),
  call_id: z.string().nullable(),
  payload_hash: hash.describe("SHA-256 of the event's payload."),
  previous_hash: hash,
  hash,
  reason: z
    .string()
    .nullable()
    .describe("Why, or what exactly: from the stored event, not from the audit log; null for a session."),
});

/** What was decided in one trial, and whether the trail is as it was written. */
export const audit = z.strictObject({
  run_id: z.string().describe("`chat` for a conversation of that command."),
  case_id: z.string().describe("Or the id of the session."),
  trial: count,
  agent: z.string(),
  records: z.array(auditItem),
  verdict: z
    .enum(["whole", "tampered", "removed", "not-anchored"])
    .describe(
      "removed: anchored when it ran, not stored any more. not-anchored: there is nothing to compare with.",
    ),
  problems: z.array(z.string()).describe("What was tampered with, one sentence each."),
  log: z
    .strictObject({
      rows: count,
      head: z.strictObject({ sequence: count, hash }).describe("Of the last row; keep a copy elsewhere."),
    })
    .nullable()
    .describe("The audit log of the project; null when there is none."),
});
