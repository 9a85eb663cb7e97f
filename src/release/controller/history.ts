import type { StepLog } from "../evidence/release-evidence.js";
import type { JournalRow } from "../journal/journal.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/** The word of rows about the split. */
export const SET_SPLIT = "set-split";

/** A split that was to be set. */
export interface SplitIntent {
  readonly targetBps: number;
  /** `null`: the router could not be read before. */
  readonly previousBps: number | null;
  readonly isConfirmed: boolean;
}

/** The last split that somebody meant to set; `null` before the first. */
export function lastSplitIntent(rows: readonly JournalRow[]): SplitIntent | null {
  let isConfirmed = false;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index] as JournalRow;
    if (row.event !== SET_SPLIT) continue;
    if (row.kind === "readback") isConfirmed = true;
    if (row.kind === "intent" && row.targetBps !== null)
      return { targetBps: row.targetBps, previousBps: row.previousBps, isConfirmed };
  }
  return null;
}

/** The last split that was read back after it was set; 0 before the first. */
export function confirmedBps(rows: readonly JournalRow[]): number {
  return rows.findLast(({ kind, event }) => kind === "readback" && event === SET_SPLIT)?.targetBps ?? 0;
}

/** When each step began to take traffic, and when it ended: at the next step, or at the way back. */
export function stepLogs(rows: readonly JournalRow[], plan: Pick<ReleasePlan, "steps">): StepLog[] {
  const logs: StepLog[] = [];
  for (const row of rows) {
    if (row.kind !== "transition") continue;
    const last = logs.at(-1);
    if (row.event === "split-verified" && row.to.name === "BAKING" && row.to.step !== last?.step) {
      const { step } = row.to;
      logs.push({ step, bps: plan.steps[step]?.bps ?? 0, startedAt: Date.parse(row.at), endedAt: null });
      continue;
    }
    const isOver = row.to.name === "ABORTING" || (row.to.name === "SHIFTING" && row.to.step !== last?.step);
    if (isOver && last !== undefined && last.endedAt === null)
      logs[logs.length - 1] = { ...last, endedAt: Date.parse(row.at) };
  }
  return logs;
}

/** The transition that led to the present state. */
export function lastTransition(rows: readonly JournalRow[]): JournalRow | null {
  return rows.findLast(({ kind }) => kind === "transition") ?? null;
}

/** Whether the pointer to the stable version was moved, and not moved back. */
export function isPromoted(rows: readonly JournalRow[]): boolean {
  const last = rows.findLast(
    ({ kind, event }) =>
      kind === "transition" && (event === "promotion-confirmed" || event === "rollback-confirmed"),
  );
  return last?.event === "promotion-confirmed";
}

/** Rows of an event since the release came into its state. */
export function rowsSinceState(rows: readonly JournalRow[], event: string): readonly JournalRow[] {
  const start = rows.findLastIndex(
    ({ kind, from, to }) => kind === "transition" && JSON.stringify(from) !== JSON.stringify(to),
  );
  return rows.slice(start + 1).filter((row) => row.event === event);
}
