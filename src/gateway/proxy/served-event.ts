import { randomUUID } from "node:crypto";
import type { LiveEventOf, LiveEventPayloads } from "../../core/live-event.js";
import { redactId } from "../redact-id.js";
import type { RequestFacts } from "./request-facts.js";

type Served = LiveEventPayloads["request_served"];

export interface ServedRequest {
  readonly facts: Pick<RequestFacts, "conversationId" | "key">;
  readonly traceId: string;
  readonly tenantId: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Its `key` as the request named it. It is changed: to copy a wide object for every request costs more than all else here. */
  readonly payload: { -readonly [Name in keyof Served]: Served[Name] };
}

/**
 * The event of a request. Ids that look like personal data are hashed; a request that names no conversation is one of its
 * own, by its trace.
 */
export function servedEvent(request: ServedRequest): LiveEventOf<"request_served"> {
  const { facts, traceId, tenantId, now, payload } = request;
  const key = facts.key === null ? null : redactId(facts.key);
  payload.key = key;
  const conversation =
    facts.conversationId === facts.key
      ? key
      : facts.conversationId === null
        ? null
        : redactId(facts.conversationId);
  return {
    event_id: randomUUID(),
    event_type: "request_served",
    timestamp: new Date(now).toISOString(),
    conversation_id: conversation ?? traceId,
    tenant_id: tenantId,
    trace_id: traceId,
    payload,
  };
}
