import type { AgentEvent } from "../../core/events.js";
import { sha256 } from "../../core/hash.js";

/**
 * One decision of the runtime, without any text of a user: names, numbers, ids and hashes. What was said stays in the
 * event, which can be deleted without breaking the chain.
 */
export interface AuditRecord {
  /** From 0 within its conversation. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly conversation_id: string;
  readonly event_id: string;
  readonly event_type: AgentEvent["event_type"];
  /** The rule, tool or strategy that it is about; `null` where the type says all. */
  readonly subject: string | null;
  /** What was decided, such as `block` or `done`. */
  readonly decision: string | null;
  /** Name and version of what decided. */
  readonly classifier: string | null;
  /** Of the classifier, 0 to 1. */
  readonly score: number | null;
  readonly document_ids: readonly string[];
  readonly call_id: string | null;
  /** SHA-256 of the event's payload as it is stored: shows that the event is still the one that was audited. */
  readonly payload_hash: string;
  readonly previous_hash: string;
  /** SHA-256 over all of the above. */
  readonly hash: string;
}

type Facts = Pick<AuditRecord, "subject" | "decision"> &
  Partial<Pick<AuditRecord, "classifier" | "score" | "document_ids" | "call_id">>;

/** What a chain begins with. */
export const CHAIN_START = "0".repeat(64);

/**
 * The chain of a conversation, derived from its events: the same events give the same hashes.
 *
 * @param start - hash of the record before the first
 * @param first - number of the first record
 */
export function auditRecordsOf(
  events: readonly AgentEvent[],
  start = CHAIN_START,
  first = 0,
): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  let previous = start;
  for (const event of events) {
    const facts = factsOf(event);
    if (facts === null) continue;
    const body = {
      sequence: first + records.length,
      time: event.timestamp,
      conversation_id: event.conversation_id,
      event_id: event.event_id,
      event_type: event.event_type,
      subject: facts.subject,
      decision: facts.decision,
      classifier: facts.classifier ?? null,
      score: facts.score ?? null,
      document_ids: facts.document_ids ?? [],
      call_id: facts.call_id ?? null,
      payload_hash: sha256(JSON.stringify(event.payload)),
      previous_hash: previous,
    };
    const hash = recordHash(body);
    records.push({ ...body, hash });
    previous = hash;
  }
  return records;
}

/** The hash of a record over all that it says. */
export function recordHash(record: Omit<AuditRecord, "hash">): string {
  const { sequence, time, conversation_id, event_id, event_type, subject, decision, classifier } = record;
  const { score, document_ids, call_id, payload_hash, previous_hash } = record;
  return sha256(
    JSON.stringify([
      ...[sequence, time, conversation_id, event_id, event_type, subject, decision, classifier],
      ...[score, document_ids, call_id, payload_hash, previous_hash],
    ]),
  );
}

/** Messages and model calls are audited by their hashes, decisions by name; steps of thinking are not decisions. */
function factsOf(event: AgentEvent): Facts | null {
  switch (event.event_type) {
    case "guardrail_triggered": {
      const { rule, action, classifier, score, documentIds, callId } = event.payload;
      return {
        subject: rule,
        decision: action,
        classifier: classifier ?? null,
        score: score ?? null,
        document_ids: documentIds ?? [],
        call_id: callId ?? null,
      };
    }
    case "tool_call_start":
      return { subject: event.payload.name, decision: "asked", call_id: event.payload.callId };
    case "tool_call_end":
      return {
        subject: event.payload.name,
        decision: event.payload.isError ? "refused" : "answered",
        call_id: event.payload.callId,
      };
    case "effect_recorded":
      return { subject: event.payload.tool, decision: event.payload.status, call_id: event.payload.callId };
    case "retrieval_result":
      return {
        subject: null,
        decision: null,
        document_ids: [...new Set(event.payload.chunks.map(({ documentId }) => documentId))],
      };
    case "grounding_assessed":
      return {
        subject: null,
        decision: event.payload.isGrounded ? "grounded" : "not grounded",
        score: event.payload.confidence,
      };
    case "strategy_selected":
      return { subject: event.payload.strategy, decision: null };
    case "llm_call_end":
      return { subject: event.payload.speaker, decision: event.payload.finishReason };
    case "memory_read":
      return { subject: null, decision: null, document_ids: event.payload.facts.map(({ id }) => id) };
    case "memory_write":
      return { subject: event.payload.kind, decision: null, document_ids: [event.payload.factId] };
    case "delegation_start":
      return { subject: event.payload.agent, decision: null, call_id: event.payload.callId };
    case "delegation_end":
      return {
        subject: event.payload.agent,
        decision: event.payload.status,
        call_id: event.payload.callId,
      };
    case "error":
      return { subject: event.payload.code, decision: null };
    case "msg_received":
    case "response_sent":
      return { subject: null, decision: null };
    default:
      return null;
  }
}
