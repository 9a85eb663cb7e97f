import { driftReason, shareOfStep } from "./drift.js";
import { confirmedBps, lastSplitIntent } from "./history.js";
import { confirmed, isKeptSplit, isSplit, readSplit, setSplit, sharePercent } from "./split.js";
import { AT_ONCE, backOffMs, type Outcome, type Turn } from "./turn.js";

/**
 * SHIFTING: sets the share of a step. A split that a controller before this one set, and did not live to confirm, is
 * confirmed; one that is neither that nor the one before is somebody else's and is left alone.
 */
export async function shift(turn: Turn, step: number): Promise<Outcome> {
  const { desk, ports, signal } = turn;
  const bps = shareOfStep(turn, step);
  const { salt } = desk.release.plan;
  const found = await readSplit(turn);
  if (!found.ok) return failed(turn, found.reason);
  const intent = lastSplitIntent(desk.rows);
  if (isSplit(found.split, bps, salt) && intent?.targetBps === bps) {
    desk.apply(
      { type: "shift-applied" },
      { rows: [confirmed(found.split, "it was set before a restart or a failure")] },
    );
    return AT_ONCE;
  }
  const previous = confirmedBps(desk.rows);
  // An attempt that failed or was killed may have changed the files of the router before its memory.
  const isAsBefore = intent === null || intent.isConfirmed ? isKeptSplit : isSplit;
  if (!isAsBefore(found.split, previous, salt)) {
    desk.apply({ type: "drift-found", reason: driftReason(found.split, previous) });
    return AT_ONCE;
  }
  const canary = await ports.prober.arm("canary", signal);
  if (!canary.ok) return failed(turn, `the canary arm does not answer as it should: ${canary.reason}`);
  const result = await setSplit(turn, { bps, reason: `step ${step + 1}: ${sharePercent(bps)}` }, found.split);
  if (result.ok) {
    desk.apply({ type: "shift-applied" }, { rows: [confirmed(result.split)] });
    return AT_ONCE;
  }
  if (!result.isConflict) return failed(turn, result.reason);
  desk.apply({ type: "drift-found", reason: result.reason });
  return AT_ONCE;
}

function failed({ desk }: Turn, reason: string): Outcome {
  desk.apply({ type: "shift-failed", reason });
  const hasMore = desk.state.name === "SHIFTING";
  return hasMore ? { nextInMs: backOffMs(desk.release.counters.applyFailures), decision: null } : AT_ONCE;
}
