import type { AuditRecord } from "./audit-record.js";

/** One thing that is wrong with an audit trail, as a sentence that names the record. */
export type AuditProblem = string;

/**
 * Compares the records that the stored events give now with the hashes that were anchored when they were written.
 *
 * @param anchored - hash of each record, in order
 * @returns nothing when the trail is whole
 */
export function compareWithAnchor(
  records: readonly AuditRecord[],
  anchored: readonly { readonly event_id: string; readonly own_hash: string }[],
): readonly AuditProblem[] {
  const now = new Map(records.map((record, index) => [record.event_id, { record, index }]));
  const problems: AuditProblem[] = [];
  const known = new Set<string>();
  let lastIndex = -1;
  for (const [sequence, { event_id, own_hash }] of anchored.entries()) {
    const place = `record ${sequence} (event ${event_id})`;
    known.add(event_id);
    const found = now.get(event_id);
    if (found === undefined) {
      const isTail = anchored.slice(sequence).every((later) => !now.has(later.event_id));
      problems.push(`${place} was removed${isTail ? " from the end" : ""}`);
      continue;
    }
    if (ownHash(found.record) !== own_hash) problems.push(`${place} was altered`);
    if (found.index < lastIndex) problems.push(`${place} stands at another place than it was written`);
    lastIndex = Math.max(lastIndex, found.index);
  }
  for (const { event_id, sequence } of records) {
    if (!known.has(event_id)) problems.push(`record ${sequence} (event ${event_id}) was added later`);
  }
  return problems;
}

/** What a record says by itself, whatever stood before it: so that one change names one record. */
export function ownHash({ time, payload_hash }: AuditRecord): string {
  return `${payload_hash.slice(0, 32)}@${time}`;
}
