import type { StepDecision } from "../decisions/step-decision.js";
import { shareOfStep } from "./drift.js";
import { abortIfTripped, pauseIfDrifted, pauseIfIncomparable } from "./hard-stops.js";
import { longestBakeMs, lookIntervalMs, recountMs, tickMs } from "./intervals.js";
import { asEvidence, conversationsOfStep, type Look, look } from "./look.js";
import { AT_ONCE, type Outcome, type Turn } from "./turn.js";

/**
 * BAKING: looks at split and figures at every tick. Harm aborts at once; what cannot be compared pauses; the end of the
 * bake, of which down-time is no part, leads to an evaluation. The first tick after a restart only looks.
 *
 * @param passedMs - time since the last tick that counts
 */
export async function bake(turn: Turn, step: number, passedMs: number): Promise<Outcome> {
  const { desk, memory } = turn;
  const held = await pauseIfDrifted(turn, shareOfStep(turn, step));
  const seen = await look(turn, "bake");
  const { decision } = seen;
  if (held === "paused") {
    abortIfTripped(turn, seen);
    return { nextInMs: 0, decision };
  }
  if (abortIfTripped(turn, seen)) return { nextInMs: 0, decision };
  const wait = { nextInMs: tickMs(desk.release, step, turn.mostMs), decision };
  if (held !== "as-set") return unreadable(turn, step, seen, held.unreadable, wait);
  if (pauseIfIncomparable(turn, seen)) return { nextInMs: 0, decision };
  desk.keepBaked(desk.release.bakedMs + passedMs);
  if (decision.verdict === "fail" || decision.verdict === "error")
    return counted(turn, step, seen, decision.reason, wait);
  if (memory.isFirst) return wait;
  return endOfBake(turn, step, seen) ? { nextInMs: 0, decision } : wait;
}

/** @returns whether the bake is over */
function endOfBake(turn: Turn, step: number, seen: Look): boolean {
  const { desk, memory, ports } = turn;
  const { plan, bakedMs } = desk.release;
  const planned = plan.steps[step];
  if (planned === undefined || bakedMs < planned.bakeMs) return false;
  const longest = longestBakeMs(desk.release, step);
  const isJudgedAtEnd = memory.evaluatedBakedMs !== null && memory.evaluatedBakedMs >= longest;
  const isDue =
    memory.evaluatedAt === null ||
    ports.clock.monotonic() - memory.evaluatedAt >= lookIntervalMs(desk.release, step) ||
    (bakedMs >= longest && !isJudgedAtEnd);
  if (!isDue && bakedMs < longest) return false;
  const found = conversationsOfStep(seen);
  const isEnough = found >= planned.minConversations;
  if (isEnough && isDue && !isJudgedAtEnd) {
    desk.apply({ type: "bake-completed" });
    return true;
  }
  if (bakedMs < longest || (isEnough && !isJudgedAtEnd)) return false;
  const reason = isEnough
    ? `undecided after the longest bake: ${seen.decision.reason}`
    : `${found} conversations of the new version in this step by the longest bake, expected ${planned.minConversations}`;
  desk.apply({ type: "bake-expired", reason }, asEvidence(turn, seen, reason));
  return true;
}

function unreadable(turn: Turn, step: number, seen: Look, reason: string, wait: Outcome): Outcome {
  const decision: StepDecision = { ...seen.decision, verdict: "error", reason };
  return counted(turn, step, { ...seen, decision }, reason, { ...wait, decision });
}

/** Failures and errors of a bake count, but not the same figures at every tick. */
function counted(turn: Turn, step: number, seen: Look, reason: string, wait: Outcome): Outcome {
  const { desk, memory, ports } = turn;
  const now = ports.clock.monotonic();
  const { verdict } = seen.decision;
  const isFinal = verdict === "fail" && desk.release.counters.failures >= desk.release.plan.limits.failures;
  const isDue = memory.evaluatedAt === null || now - memory.evaluatedAt >= recountMs(desk.release, step);
  if (!isDue && !isFinal) return wait;
  memory.evaluatedAt = now;
  desk.apply({ type: "evaluated", verdict, reason }, asEvidence(turn, seen, reason));
  return desk.state.name === "BAKING" ? wait : AT_ONCE;
}
