import type { PauseReason } from "../machine/state.js";
import { abortIfTripped } from "./hard-stops.js";
import { rowsSinceState } from "./history.js";
import { tickMs } from "./intervals.js";
import { look } from "./look.js";
import { AT_ONCE, type Outcome, type Turn } from "./turn.js";

/** AWAITING_APPROVAL: nothing moved yet; an approval that nobody gives in time cancels. */
export function awaitApproval(turn: Turn): Outcome {
  const { desk, memory } = turn;
  if (memory.time.elapsedMs(desk.release) < desk.release.plan.approvalExpiryMs)
    return { nextInMs: turn.mostMs, decision: null };
  desk.apply({ type: "approval-expired" });
  return AT_ONCE;
}

/** PAUSED: the share stays, so harm still aborts; a person decides, or time runs out. */
export async function stayPaused(turn: Turn, step: number, reason: PauseReason): Promise<Outcome> {
  const { desk, memory } = turn;
  const { plan } = desk.release;
  const seen = await look(turn, "bake");
  const { decision } = seen;
  if (abortIfTripped(turn, seen)) return { nextInMs: 0, decision };
  const patience = reason === "approval" ? plan.approvalExpiryMs : plan.pauseTimeoutMs;
  const isOver = memory.time.elapsedMs(desk.release) >= patience;
  if (!isOver || rowsSinceState(desk.rows, "pause-expired").length > 0)
    return { nextInMs: tickMs(desk.release, step, turn.mostMs), decision };
  desk.apply({ type: "pause-expired" });
  return { nextInMs: 0, decision };
}
