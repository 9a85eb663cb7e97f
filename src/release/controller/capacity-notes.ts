import { unknownCapacity, unknownCapacityText } from "../decisions/capacity.js";
import type { ReleaseEvidence } from "../evidence/release-evidence.js";
import type { JournalRow } from "../journal/journal.js";
import type { ReleaseDesk } from "./release-desk.js";

const UNKNOWN = "capacity-unknown";
const KNOWN = "capacity-known";

/** The row that says since when it is not known how full an arm is, and why; `null`: all is known. */
export function openCapacityNote(rows: readonly JournalRow[]): JournalRow | null {
  const last = rows.findLast(({ event }) => event === UNKNOWN || event === KNOWN);
  return last?.event === UNKNOWN ? last : null;
}

/**
 * Writes a row when it becomes unknown how full an arm is, or of which arm, and one when all is known again. That nothing is
 * read, since release.yaml names no source any more, is no knowledge.
 */
export function noteCapacity(
  desk: Pick<ReleaseDesk, "rows" | "write">,
  evidence: Pick<ReleaseEvidence, "capacity" | "unreadable">,
): void {
  const unknown = unknownCapacity(evidence);
  const told = openCapacityNote(desk.rows)?.reason ?? null;
  const [first] = unknown;
  if (first !== undefined) {
    const start = `${unknownCapacityText(unknown)}: `;
    if (told?.startsWith(start) === true) return;
    desk.write([{ kind: "note", event: UNKNOWN, reason: `${start}${first.reason}` }]);
    return;
  }
  if (told === null || evidence.capacity.length === 0) return;
  desk.write([{ kind: "note", event: KNOWN, reason: "how full the arms are is known again" }]);
}
