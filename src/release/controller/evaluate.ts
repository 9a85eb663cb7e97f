import { shareOfStep } from "./drift.js";
import { abortIfTripped, pauseIfDrifted, pauseIfIncomparable } from "./hard-stops.js";
import { tickMs } from "./intervals.js";
import { asEvidence, look } from "./look.js";
import type { Outcome, Turn } from "./turn.js";

/**
 * EVALUATING: judges the step. Window, counts and verdict stand in the journal before anything follows from them. The
 * first evaluation after a restart may stop the release, not move it on: a second one, of figures as they are now, does.
 */
export async function evaluate(turn: Turn, step: number): Promise<Outcome> {
  const { desk, memory, ports } = turn;
  const held = await pauseIfDrifted(turn, shareOfStep(turn, step));
  const seen = await look(turn, "bake");
  if (abortIfTripped(turn, seen) || held === "paused" || pauseIfIncomparable(turn, seen))
    return { nextInMs: 0, decision: seen.decision };
  const decision =
    held === "as-set"
      ? seen.decision
      : { ...seen.decision, verdict: "error" as const, reason: held.unreadable };
  const judged = { ...seen, decision };
  const { verdict, reason } = decision;
  const wait = { nextInMs: tickMs(desk.release, step, turn.mostMs), decision };
  if (memory.isFirst && verdict === "pass") {
    const { rows, evidence } = asEvidence(turn, judged, `after a restart: ${reason}`);
    desk.write(rows, evidence);
    return wait;
  }
  memory.evaluatedAt = ports.clock.monotonic();
  memory.evaluatedBakedMs = desk.release.bakedMs;
  desk.apply({ type: "evaluated", verdict, reason }, asEvidence(turn, judged, reason));
  return desk.state.name === "BAKING" ? wait : { nextInMs: 0, decision };
}
