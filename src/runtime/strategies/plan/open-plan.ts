import type { Json } from "../../../core/hash.js";
import type { ConversationLog } from "../../conversation-log.js";
import { callState } from "../../marked-calls.js";
import type { Plan, PlanState, StepState } from "./plan.js";

const NOTE = "strategy.plan";

/** The plan that a crash or a question to the user left open, with what became of its calls; `null` for none. */
export function openPlan(log: ConversationLog): PlanState | null {
  const note = log.note(NOTE) as unknown as PlanState | undefined;
  return note === undefined ? null : { ...note, steps: settleRunning(note.steps, log) };
}

/** Writes a plan down: from now on a crash resumes it. `null` closes it. */
export function keepPlan(log: ConversationLog, state: PlanState | null): void {
  log.setNote(NOTE, state as unknown as Json);
}

/** Steps whose call has come to an end take its outcome; a call that was never run is to be made again. */
export function settleRunning(steps: readonly StepState[], log: ConversationLog): readonly StepState[] {
  return steps.map((step): StepState => {
    if (step.status !== "running" || step.callId === null) return step;
    const state = callState(log, step.callId);
    if (state === "done" || state === "failed") return { ...step, status: state };
    return { ...step, status: "pending", callId: null };
  });
}

/** The state after a plan was accepted: what is done stays, everything else gives way to the new steps. */
export function withPlan(
  plan: Plan,
  before: PlanState | null,
  { turn, replans }: { readonly turn: number; readonly replans: number },
): PlanState {
  const done = (before?.steps ?? []).filter(({ status }) => status === "done");
  const fresh = plan.steps.map((step) => ({
    ...step,
    status: "pending" as const,
    callId: null,
    reason: null,
  }));
  return { turn, replans, revision: before === null ? 0 : before.revision + 1, steps: [...done, ...fresh] };
}

/** The state of a plan that is over: what was not begun is not begun any more. */
export function withoutPending(state: PlanState): PlanState {
  return {
    ...state,
    steps: state.steps.map((step) => (step.status === "pending" ? { ...step, status: "skipped" } : step)),
  };
}
