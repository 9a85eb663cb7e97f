import type { AgentEvent } from "../../core/events.js";
import { sha256 } from "../../core/hash.js";
import type { Trial } from "../../core/trial.js";
import { type AnchoredRecord, type AuditProblem, compareWithAnchor, ownHash } from "./audit-check.js";
import type { AuditEntry, AuditLog } from "./audit-log.js";
import { auditRecordsOf } from "./audit-record.js";

const KIND = "conversation";

/**
 * The row that anchors a conversation: for each of its records the event and what it said, and the head of its chain.
 * The records themselves are derived from the stored events, so nothing is kept twice.
 */
export function anchorOf(subject: string, events: readonly AgentEvent[]): AuditEntry {
  const records = auditRecordsOf(events);
  return {
    subject,
    body: {
      kind: KIND,
      head: records.at(-1)?.hash ?? null,
      records: records.map((record) => `${record.event_id} ${ownHash(record)}`),
    },
  };
}

/** What the log calls a trial. Ids of cases may be those of conversations: the log holds their hash. */
export function trialSubject(runId: string, { caseId, trial }: Pick<Trial, "caseId" | "trial">): string {
  return `${runId}/${sha256(caseId).slice(0, 32)}/${trial}`;
}

/**
 * Whether events are those that were anchored under a subject, the last time where there are several.
 *
 * @returns `null` when nothing was anchored
 */
export function checkAnchor(
  log: AuditLog,
  subject: string,
  events: readonly AgentEvent[],
): readonly AuditProblem[] | null {
  const anchor = log.about(subject).findLast(({ kind }) => kind === KIND);
  if (anchor === undefined) return null;
  const records = auditRecordsOf(events);
  const problems = compareWithAnchor(records, anchoredRecords(anchor.records));
  if (problems.length > 0 || anchor.head === (records.at(-1)?.hash ?? null)) return problems;
  return ["the records are not those that were anchored: an id, a name or the order of events was changed"];
}

/** Whether a trial was anchored, stored or not. */
export function isAnchored(log: AuditLog, subject: string): boolean {
  return log.about(subject).some(({ kind }) => kind === KIND);
}

function anchoredRecords(rows: unknown): readonly AnchoredRecord[] {
  if (!Array.isArray(rows)) return [];
  return rows.map((row) => {
    const [eventId = "", own = ""] = String(row).split(" ");
    return { eventId, own };
  });
}
