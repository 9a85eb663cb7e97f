import type { AgentEvent } from "../../core/events.js";
import { type Json, sha256 } from "../../core/hash.js";
import type { AuditProblem } from "./audit-check.js";
import type { AuditBody, AuditLog } from "./audit-log.js";
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

  constructor(
    private readonly log: AuditLog,
    private readonly subject: string,
  ) {}

  /** @throws {StoreError} when the log cannot be written */
  readonly onEvent = (event: AgentEvent): void => {
    this.pending.push(event);
    if (event.event_type === "tool_call_start" && event.payload.sideEffect) this.flush();
  };

  /** The turn is over. @throws {StoreError} when the log cannot be written; what was not written stays to be written */
  flush(): void {
    if (auditRecordsOf(this.pending).length > 0) {
      // Another process may have gone on with the session meanwhile.
      this.log.extend(this.subject, (row) => {
        const last = recordsIn(row).at(-1);
        const first = last === undefined ? 0 : last.sequence + 1;
        const records = auditRecordsOf(this.pending, last?.hash ?? CHAIN_START, first);
        const rows = records.map(({ conversation_id: _, ...record }): LiveRecord => record);
        return { kind: KIND, records: rows as unknown as readonly Json[] };
      });
    }
    this.pending = [];
  }
}

/** The records of a conversation that was written as it went on, oldest first. */
export function liveRecordsOf(log: AuditLog, subject: string): readonly LiveRecord[] {
  return log.about(subject).flatMap(recordsIn);
}

function recordsIn(row: AuditBody | null): readonly LiveRecord[] {
  return row?.kind === KIND && Array.isArray(row.records) ? (row.records as unknown as LiveRecord[]) : [];
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
