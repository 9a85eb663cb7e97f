import { ALL_BPS } from "../../core/traffic-split.js";
import type { StepLog } from "../evidence/release-evidence.js";
import type { JournalRow } from "../journal/journal.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/** The word of rows about the split. */
export const SET_SPLIT = "set-split";

/** The word of rows about making the new version's address the stable one. */
export const HAND_OVER = "router-promote";

/** The word of rows about going back to a recorded version after a promotion. */
export const POINT_BACK = "point-back";

/** The word of the row about a split of another release, which a way back leaves alone. */
export const LEFT_ALONE = "split-left-alone";

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

/** Whether the journal knows of no traffic on the new version: no share was set, or the last was 0 and is confirmed. */
export function hasNoTraffic(rows: readonly JournalRow[]): boolean {
  const last = lastSplitIntent(rows);
  return last === null || (last.targetBps === 0 && last.isConfirmed);
}

/** The last split that was read back after it was set, by a release or after it; 0 before the first. */
export function confirmedBps(rows: readonly JournalRow[]): number {
  const isSet = ({ kind, event, targetBps }: JournalRow) =>
    kind === "readback" && (event === SET_SPLIT || event === POINT_BACK) && targetBps !== null;
  return rows.findLast(isSet)?.targetBps ?? 0;
}

/**
 * When each step began to take traffic, and when it ended: at the next step, or at the way back. The promotion is one more,
 * at full traffic, where no step of the plan had that.
 */
export function stepLogs(rows: readonly JournalRow[], plan: Pick<ReleasePlan, "steps">): StepLog[] {
  const logs: StepLog[] = [];
  const end = (at: string) => {
    const last = logs.at(-1);
    if (last?.endedAt === null) logs[logs.length - 1] = { ...last, endedAt: Date.parse(at) };
  };
  for (const row of rows) {
    if (row.kind !== "transition") continue;
    const begun = begunBy(row, plan);
    const last = logs.at(-1);
    const isNew = begun !== null && (begun.step !== last?.step || begun.bps !== last.bps);
    const isOver = row.to.name === "ABORTING" || (row.to.name === "SHIFTING" && row.to.step !== last?.step);
    if (isNew || isOver) end(row.at);
    if (isNew) logs.push({ ...begun, startedAt: Date.parse(row.at), endedAt: null });
  }
  return logs;
}

function begunBy(
  { event, to }: JournalRow,
  { steps }: Pick<ReleasePlan, "steps">,
): Pick<StepLog, "step" | "bps"> | null {
  if (event === "promotion-confirmed") return { step: steps.length - 1, bps: ALL_BPS };
  if (event !== "split-verified" || to.name !== "BAKING") return null;
  return { step: to.step, bps: steps[to.step]?.bps ?? 0 };
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
