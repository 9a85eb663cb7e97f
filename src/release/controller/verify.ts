import type { Split } from "../routers/router.js";
import { driftReason, shareOfStep } from "./drift.js";
import { lastTransition, rowsSinceState, SET_SPLIT } from "./history.js";
import { confirmed, isKeptSplit, readSplit, setSplit, sharePercent } from "./split.js";
import { AT_ONCE, backOffMs, type Outcome, type Turn } from "./turn.js";

/** VERIFYING: the split is read back, and probes land where they belong. */
export async function verify(turn: Turn, step: number): Promise<Outcome> {
  const { desk, ports, signal } = turn;
  const bps = shareOfStep(turn, step);
  const { salt } = desk.release.plan;
  const found = await readSplit(turn);
  if (!found.ok) return failed(turn, found.reason);
  if (!isKeptSplit(found.split, bps, salt)) {
    if (isWanted(turn)) return setAgain(turn, step, found.split);
    desk.apply({ type: "drift-found", reason: driftReason(found.split, bps) });
    return AT_ONCE;
  }
  const landing = await ports.prober.landing({ bps, salt }, signal);
  if (!landing.ok) return failed(turn, landing.reason);
  desk.apply({ type: "split-verified" });
  return AT_ONCE;
}

/** Whoever resumes a paused release wants its share again, whatever the router has now; that is done once. */
function isWanted({ desk }: Turn): boolean {
  return (
    lastTransition(desk.rows)?.event === "resumed" &&
    !rowsSinceState(desk.rows, SET_SPLIT).some(({ kind }) => kind === "readback")
  );
}

async function setAgain(turn: Turn, step: number, found: Split): Promise<Outcome> {
  const actor = lastTransition(turn.desk.rows)?.actor ?? "controller";
  const bps = shareOfStep(turn, step);
  const reason = `step ${step + 1} resumed by ${actor}: ${sharePercent(bps)}`;
  const result = await setSplit(turn, { bps, reason, actor }, found);
  if (!result.ok) return failed(turn, result.reason);
  turn.desk.write([confirmed(result.split)]);
  return AT_ONCE;
}

function failed({ desk }: Turn, reason: string): Outcome {
  desk.apply({ type: "shift-failed", reason });
  const hasMore = desk.state.name === "VERIFYING";
  return hasMore ? { nextInMs: backOffMs(desk.release.counters.applyFailures), decision: null } : AT_ONCE;
}
