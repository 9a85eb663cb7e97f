import type { AgentEvent } from "../../core/events.js";
import type { Json } from "../../core/hash.js";
import type { Trial } from "../../core/trial.js";
import { type AuditProblem, compareWithAnchor, ownHash } from "./audit-check.js";
import type { AuditBody, AuditLog } from "./audit-log.js";
import { auditRecordsOf } from "./audit-record.js";

/**
 * The row that anchors a conversation: for each of its records the event and what it said, and the head of its chain.
 * The records themselves are derived from the stored events, so nothing is kept twice.
 */
export function anchorOf(
  subject: string,
  events: readonly AgentEvent[],
): { readonly subject: string; readonly body: AuditBody } {
  const records = auditRecordsOf(events);
  return {
    subject,
    body: {
      kind: "conversation",
      conversation_id: records[0]?.conversation_id ?? null,
      time: records.at(-1)?.time ?? null,
      head: records.at(-1)?.hash ?? null,
      records: records.map((record) => ({ event_id: record.event_id, own_hash: ownHash(record) })) as Json,
    },
  };
}

/** What the log calls a trial. */
export function trialSubject(runId: string, { caseId, trial }: Pick<Trial, "caseId" | "trial">): string {
  return `${runId}/${caseId}/${trial}`;
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
  const anchor = log.about(subject).findLast(({ kind }) => kind === "conversation");
  if (anchor === undefined) return null;
  const records = auditRecordsOf(events);
  const problems = compareWithAnchor(
    records,
    anchor.records as unknown as readonly { event_id: string; own_hash: string }[],
  );
  if (problems.length > 0 || anchor.head === (records.at(-1)?.hash ?? null)) return problems;
  return ["the records are not those that were anchored: an id, a name or the order of events was changed"];
}
