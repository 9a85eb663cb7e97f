import { driftReason } from "./drift.js";
import { asEvidence, type Look } from "./look.js";
import { isKeptSplit, readSplit } from "./split.js";
import type { Turn } from "./turn.js";

/** Aborts when a hard rule tripped; it outranks whatever else was seen. */
export function abortIfTripped(turn: Turn, seen: Look): boolean {
  const { abort } = seen.decision;
  if (abort === null) return false;
  turn.desk.apply({ type: "hard-rule-tripped", reason: abort }, asEvidence(turn, seen, abort));
  return true;
}

/** Pauses when the arms cannot be compared now: the split is not as configured, stable is down, or the endpoint is full. */
export function pauseIfIncomparable(turn: Turn, seen: Look): boolean {
  const { mismatch, control, capacity } = seen.decision;
  if (mismatch !== null) {
    turn.desk.apply({ type: "mismatch-found", reason: mismatch }, asEvidence(turn, seen, mismatch));
    return true;
  }
  if (control !== null) {
    turn.desk.apply({ type: "control-lost", reason: control }, asEvidence(turn, seen, control));
    return true;
  }
  if (capacity === null) return false;
  turn.desk.apply({ type: "capacity-short", reason: capacity }, asEvidence(turn, seen, capacity));
  return true;
}

/** What the router says of the split that a state rests on. */
export type Held = "as-set" | "paused" | { readonly unreadable: string };

/** Pauses when the router has another split than the one that was set. */
export async function pauseIfDrifted(turn: Turn, wantedBps: number): Promise<Held> {
  const found = await readSplit(turn);
  if (!found.ok) return { unreadable: `the split cannot be read back: ${found.reason}` };
  if (isKeptSplit(found.split, wantedBps, turn.desk.release.plan.salt)) return "as-set";
  turn.desk.apply({ type: "drift-found", reason: driftReason(found.split, wantedBps) });
  return "paused";
}
