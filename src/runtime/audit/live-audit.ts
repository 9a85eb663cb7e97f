import type { AgentEvent } from "../../core/events.js";
import { type Json, sha256 } from "../../core/hash.js";
import type { AuditProblem } from "./audit-check.js";
import type { AuditLog } from "./audit-log.js";
import { type AuditRecord, auditRecordsOf, CHAIN_START, recordHash } from "./audit-record.js";

const KIND = "records";

/** A record of a conversation whose events are not stored; it does not name the conversation. */
export type LiveRecord = Omit<AuditRecord, "conversation_id">;

/** What the log calls a session. The id may be a name that somebody chose: the log holds its hash. */
export function sessionSubject(sessionId: string): string {
  return `chat/${sha256(sessionId).slice(0, 32)}`;
}

/**
 * Writes the records of a conversation as it goes on: what led to a call with a side effect before that call runs, the
 * rest at the end of the turn. A log that cannot be written stops the call.
 */
export class LiveAudit {
  private pending: AgentEvent[] = [];
  private head: string;
  private sequence: number;

  constructor(
    private readonly log: AuditLog,
    private readonly subject: string,
  ) {
    const last = liveRecordsOf(log, subject).at(-1);
    this.head = last?.hash ?? CHAIN_START;
    this.sequence = last === undefined ? 0 : last.sequence + 1;
  }

  /** @throws {StoreError} when the log cannot be written */
  readonly onEvent = (event: AgentEvent): void => {
    this.pending.push(event);
    if (event.event_type === "tool_call_start" && event.payload.sideEffect) this.flush();
  };

  /** The turn is over. @throws {StoreError} when the log cannot be written */
  flush(): void {
    const records = auditRecordsOf(this.pending, this.head, this.sequence);
    const last = records.at(-1);
    this.pending = [];
    if (last === undefined) return;
    const rows = records.map(({ conversation_id: _, ...record }): LiveRecord => record);
    this.log.append([
      { subject: this.subject, body: { kind: KIND, records: rows as unknown as readonly Json[] } },
    ]);
    this.head = last.hash;
    this.sequence = last.sequence + 1;
  }
}

/** The records of a conversation that was written as it went on, oldest first. */
export function liveRecordsOf(log: AuditLog, subject: string): readonly LiveRecord[] {
  return log.about(subject).flatMap(({ kind, records }) => {
    return kind === KIND && Array.isArray(records) ? (records as unknown as LiveRecord[]) : [];
  });
}

/** What is wrong with the records of a session, read by its id: a row that was exchanged for another breaks the chain. */
export function chainProblems(records: readonly LiveRecord[], sessionId: string): readonly AuditProblem[] {
  let previous = CHAIN_START;
  return records.flatMap((record, index) => {
    const expected = recordHash({ ...record, conversation_id: sessionId });
    const follows = record.sequence === index && record.previous_hash === previous;
    previous = record.hash;
    if (expected !== record.hash) return [`record ${index} (event ${record.event_id}) was altered`];
    return follows ? [] : [`record ${index} (event ${record.event_id}) does not follow the one before it`];
  });
}
