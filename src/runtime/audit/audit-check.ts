import type { AuditRecord } from "./audit-record.js";

/** One thing that is wrong with an audit trail, as a sentence that names the record. */
export type AuditProblem = string;

/** What was kept of a record when it was written. */
export interface AnchoredRecord {
  readonly eventId: string;
  /** {@link ownHash} of the record. */
  readonly own: string;
}

/**
 * Compares the records that the stored events give now with what was kept of them when they were written.
 *
 * @param anchored - in order
 * @returns nothing when the trail is whole
 */
export function compareWithAnchor(
  records: readonly AuditRecord[],
  anchored: readonly AnchoredRecord[],
): readonly AuditProblem[] {
  const now = new Map(records.map((record, index) => [record.event_id, { record, index }]));
  const problems: AuditProblem[] = [];
  const known = new Set<string>();
  let lastIndex = -1;
  for (const [sequence, { eventId, own }] of anchored.entries()) {
    const place = `record ${sequence} (event ${eventId})`;
    known.add(eventId);
    const found = now.get(eventId);
    if (found === undefined) {
      const isTail = anchored.slice(sequence).every((later) => !now.has(later.eventId));
      problems.push(`${place} was removed${isTail ? " from the end" : ""}`);
      continue;
    }
    if (ownHash(found.record) !== own) problems.push(`${place} was altered`);
    if (found.index < lastIndex) problems.push(`${place} stands at another place than it was written`);
    lastIndex = Math.max(lastIndex, found.index);
  }
  for (const { event_id, sequence } of records) {
    if (!known.has(event_id)) problems.push(`record ${sequence} (event ${event_id}) was added later`);
  }
  return problems;
}

/**
 * What a record says by itself, whatever stood before it: so that one change names one record. 64 bits are enough to
 * point at a place; that nothing changed rests on the full hash at the end of the chain.
 */
export function ownHash({ time, payload_hash }: AuditRecord): string {
  return `${payload_hash.slice(0, 16)}@${time}`;
}
