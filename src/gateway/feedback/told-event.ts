import { randomUUID } from "node:crypto";
import { z } from "zod";
import { sha256 } from "../../core/hash.js";
import type { LiveEventOf } from "../../core/live-event.js";

const id = z.string().min(1).max(512);
const word = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, "wants a word such as user or pii-leak");

const common = {
  /** Chosen by the sender: the same one twice is one event. */
  id: id.optional(),
  conversation_id: id,
  /** Of the request that is meant; else that of the last one of the conversation. */
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "wants 32 hex digits")
    .optional(),
};

export const feedbackBody = z.strictObject({
  ...common,
  kind: z.enum(["thumb", "resolution", "handoff"]),
  value: z.boolean(),
  source: word.default("user"),
});

export const safetyBody = z.strictObject({
  ...common,
  rule: word,
  severity: z.enum(["critical", "soft"]),
  verified: z.boolean().default(false),
});

/** What every event that somebody tells has in common. */
export interface Told {
  readonly conversationId: string;
  readonly tenantId: string;
  readonly traceId: string;
  readonly id: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Whether the word of who tells it verifies. */
  readonly mayVerify: boolean;
}

export function feedbackEvent(told: Told, body: z.output<typeof feedbackBody>): LiveEventOf<"feedback"> {
  const { kind, value, source } = body;
  return { ...frame(told, "feedback"), payload: { kind, value, source } };
}

export function safetyEvent(told: Told, body: z.output<typeof safetyBody>): LiveEventOf<"safety_violation"> {
  const { rule, severity } = body;
  // A verified critical violation ends a release at once: that is not for every key that may send requests.
  const verified = body.verified && told.mayVerify;
  return {
    ...frame(told, "safety_violation", verified ? "verified" : ""),
    payload: { rule, severity, verified },
  };
}

/** @param rank - of who tells it: an id that was used up without it is not that of one who has it */
function frame<Type extends "feedback" | "safety_violation">(told: Told, type: Type, rank = "") {
  return {
    event_id: eventId(told, type + rank),
    event_type: type,
    timestamp: new Date(told.now).toISOString(),
    conversation_id: told.conversationId,
    tenant_id: told.tenantId,
    trace_id: told.traceId,
  };
}

/** An id that a sender repeats gives the same event id, also after a restart; another tenant's gives another. */
function eventId({ id: given, tenantId }: Told, type: string): string {
  return given === undefined ? randomUUID() : sha256(JSON.stringify([tenantId, type, given])).slice(0, 32);
}
