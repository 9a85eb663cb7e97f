import { driftReason } from "./drift.js";
import { lastSplitIntent } from "./history.js";
import { confirmed, isSplit, readSplit } from "./split.js";
import type { Turn } from "./turn.js";

/**
 * The first act of an epoch: what the controller before meant to do is compared with the router. A split that equals the
 * target is confirmed; one that equals the split before is set again by the state that wanted it; another one is
 * somebody else's, and pauses the release. Looks that were taken in this step are not taken again at once.
 *
 * @returns whether the release was moved
 */
export async function recover(turn: Turn): Promise<boolean> {
  const { desk, memory, ports } = turn;
  const { state } = desk;
  if (
    "step" in state &&
    desk.rows.some(({ kind, from }) => kind === "evaluation" && "step" in from && from.step === state.step)
  )
    memory.evaluatedAt = ports.clock.monotonic();
  const intent = lastSplitIntent(desk.rows);
  if (intent === null || intent.isConfirmed) return false;
  if (!mayBeOverwritten(turn)) return false;
  const found = await readSplit(turn);
  if (!found.ok) return false;
  const { salt } = desk.release.plan;
  if (isSplit(found.split, intent.targetBps, salt)) {
    desk.write([confirmed(found.split, "set before a restart")]);
    return false;
  }
  if (intent.previousBps !== null && isSplit(found.split, intent.previousBps, salt)) return false;
  desk.apply({ type: "drift-found", reason: driftReason(found.split, intent.targetBps) });
  return true;
}

/** SHIFTING compares by itself, VERIFYING and the bake with their step, and a rollback wins over any split. */
function mayBeOverwritten({ desk: { state } }: Turn): boolean {
  return state.name === "PROMOTING";
}
