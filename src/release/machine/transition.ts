import type { ReleaseCounters } from "../journal/journal.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import { allowedText } from "./allowed.js";
import type { ReleaseEvent, ReleaseEventType } from "./release-event.js";
import { hasEnded, type PauseReason, type ReleaseState, type StateName, stateText } from "./state.js";

/** What of a release decides where an event takes it. */
export interface Machine {
  readonly state: ReleaseState;
  readonly counters: ReleaseCounters;
  readonly plan: Pick<ReleasePlan, "steps" | "limits" | "needsApproval" | "onTimeout">;
}

/** Where an event takes a release; `refused` is one sentence with what the state takes instead. */
export type Transition =
  | { readonly to: ReleaseState; readonly counters: ReleaseCounters }
  | { readonly refused: string };

/** Counters of a release that begins. */
export const NO_COUNTERS: ReleaseCounters = {
  applyFailures: 0,
  failures: 0,
  inconclusive: 0,
  consecutiveErrors: 0,
};

type Next = { readonly to: ReleaseState; readonly counters?: Partial<ReleaseCounters> } | null;
type Of<Type extends ReleaseEventType> = Extract<ReleaseEvent, { type: Type }>;

/** States without traffic on the canary: nothing has to be taken back. */
const BEFORE_TRAFFIC: ReadonlySet<StateName> = new Set(["PLANNED", "PREFLIGHT", "AWAITING_APPROVAL"]);
const WITH_TRAFFIC: ReadonlySet<StateName> = new Set<StateName>([
  "SHIFTING",
  "VERIFYING",
  "BAKING",
  "EVALUATING",
  "PAUSED",
  "PROMOTING",
  "WATCHING",
]);
const ABORTING: Next = { to: { name: "ABORTING" } };
/** A person looked at what could not be judged, so it is judged anew. Failures stay: a verdict is for good. */
const LOOKED_AT: Partial<ReleaseCounters> = { applyFailures: 0, inconclusive: 0, consecutiveErrors: 0 };

/**
 * The state machine of a release, pure: where an event takes it.
 *
 * - An abort outranks everything. Before any traffic moved it cancels; in a state that ended it changes nothing.
 * - A failed verdict over the limit aborts, and nothing leads forward again. `failures` is never reset; the other counters
 *   are by a person who resumes or extends, and by the next step.
 * - An evaluation that decides nothing, and a failure within the limit, goes back to BAKING: the step bakes on, with the
 *   clock that it had, until `bake-expired`. In BAKING a verdict counts only when it is a failure or an error: before the
 *   end of the bake, nothing else is to be expected but inconclusive.
 * - `superseded` stands for the observed zero that `rollback-confirmed` also needs: in ABORTING, send it only after it.
 * - A state that ended takes no event.
 */
export function transition(machine: Machine, event: ReleaseEvent): Transition {
  const { state, counters } = machine;
  const next = follow(machine, event);
  if (next === null) return { refused: refusal(state, event) };
  return { to: next.to, counters: { ...counters, ...next.counters } };
}

function refusal(state: ReleaseState, event: ReleaseEvent): string {
  const found = `${event.type} is not possible in ${stateText(state)}`;
  if (hasEnded(state)) return `${found}: the release has ended`;
  if (event.type === "superseded") return `${found}: roll it back first; it still has traffic`;
  return `${found}; ${allowedText(state)}`;
}

function follow(machine: Machine, event: ReleaseEvent): Next {
  const { state } = machine;
  if (event.type === "abort-requested") return abort(state);
  if (event.type === "hard-rule-tripped") return WITH_TRAFFIC.has(state.name) ? ABORTING : null;
  if (event.type === "superseded") {
    const isAtZero = BEFORE_TRAFFIC.has(state.name) || state.name === "ABORTING";
    return isAtZero ? { to: { name: "SUPERSEDED" } } : null;
  }
  switch (state.name) {
    case "PLANNED":
      return event.type === "plan-frozen" ? { to: { name: "PREFLIGHT" } } : null;
    case "PREFLIGHT":
      return afterPreflight(machine, event);
    case "AWAITING_APPROVAL":
      if (event.type === "approved") return { to: { name: "SHIFTING", step: 0 } };
      return event.type === "rejected" || event.type === "approval-expired"
        ? { to: { name: "CANCELLED" } }
        : null;
    case "SHIFTING":
    case "VERIFYING":
    case "BAKING":
    case "EVALUATING":
      return inStep(machine, state, event);
    case "PAUSED":
      return whilePaused(machine, state, event);
    case "PROMOTING":
      if (event.type === "promotion-confirmed") return { to: { name: "WATCHING" } };
      if (event.type === "promotion-failed") return paused(lastStep(machine), "promote");
      return event.type === "drift-found" ? paused(lastStep(machine), "drift") : null;
    case "WATCHING":
      if (event.type === "watch-passed") return { to: { name: "SUCCEEDED" } };
      if (event.type === "watch-failed") return ABORTING;
      return event.type === "drift-found" ? paused(lastStep(machine), "drift") : null;
    case "ABORTING":
      if (event.type === "rollback-confirmed") return { to: { name: "ROLLED_BACK" } };
      if (event.type === "rollback-failed") return { to: state };
      return event.type === "stable-down" ? { to: { name: "ROLLBACK_HELD" } } : null;
    default:
      return null;
  }
}

function abort(state: ReleaseState): Next {
  if (hasEnded(state)) return { to: state };
  return BEFORE_TRAFFIC.has(state.name) ? { to: { name: "CANCELLED" } } : ABORTING;
}

function afterPreflight({ plan }: Machine, event: ReleaseEvent): Next {
  if (event.type === "preflight-failed") return { to: { name: "CANCELLED" } };
  if (event.type !== "preflight-passed") return null;
  return { to: plan.needsApproval ? { name: "AWAITING_APPROVAL" } : { name: "SHIFTING", step: 0 } };
}

type InStep = Extract<ReleaseState, { name: "SHIFTING" | "VERIFYING" | "BAKING" | "EVALUATING" }>;

function inStep(machine: Machine, { name, step }: InStep, event: ReleaseEvent): Next {
  const { counters, plan } = machine;
  switch (event.type) {
    case "pause-requested":
      return paused(step, "requested");
    case "drift-found":
      return paused(step, "drift");
    case "mismatch-found":
      return name === "SHIFTING" ? null : paused(step, "srm");
    case "control-lost":
      return name === "SHIFTING" ? null : paused(step, "control");
    case "capacity-short":
      return name === "SHIFTING" ? null : paused(step, "capacity");
    case "shift-applied":
      return name === "SHIFTING" ? { to: { name: "VERIFYING", step } } : null;
    case "shift-failed": {
      if (name !== "SHIFTING" && name !== "VERIFYING") return null;
      const applyFailures = counters.applyFailures + 1;
      const to: ReleaseState =
        applyFailures >= plan.limits.applyFailures ? { name: "ABORTING" } : { name, step };
      return { to, counters: { applyFailures } };
    }
    case "split-verified":
      return name === "VERIFYING" ? { to: { name: "BAKING", step }, counters: { applyFailures: 0 } } : null;
    case "bake-completed":
      return name === "BAKING" ? { to: { name: "EVALUATING", step } } : null;
    case "bake-expired":
      return name === "BAKING" ? paused(step, "underpowered") : null;
    case "extended":
      return name === "BAKING" || name === "EVALUATING" ? { to: { name: "BAKING", step } } : null;
    case "evaluated":
      return name === "BAKING" || name === "EVALUATING" ? judged(machine, { name, step }, event) : null;
    default:
      return null;
  }
}

function judged(
  machine: Machine,
  { name, step }: { readonly name: "BAKING" | "EVALUATING"; readonly step: number },
  { verdict }: Of<"evaluated">,
): Next {
  const { counters, plan } = machine;
  const bakesOn: ReleaseState = { name: "BAKING", step };
  if (verdict === "error") {
    const consecutiveErrors = counters.consecutiveErrors + 1;
    const isOver = consecutiveErrors > plan.limits.consecutiveErrors;
    return { to: isOver ? pausedAt(step, "metrics") : bakesOn, counters: { consecutiveErrors } };
  }
  const read = { consecutiveErrors: 0 };
  if (verdict === "fail") {
    const failures = counters.failures + 1;
    const to: ReleaseState = failures > plan.limits.failures ? { name: "ABORTING" } : bakesOn;
    return { to, counters: { ...read, failures } };
  }
  if (name === "BAKING") return { to: bakesOn, counters: read };
  if (verdict === "inconclusive") {
    const inconclusive = counters.inconclusive + 1;
    const isOver = inconclusive > plan.limits.inconclusive;
    return {
      to: isOver ? pausedAt(step, "inconclusive") : bakesOn,
      counters: { ...read, inconclusive },
    };
  }
  if (plan.steps[step]?.needsApproval) return { to: pausedAt(step, "approval"), counters: read };
  return onward(machine, step);
}

function whilePaused(
  machine: Machine,
  state: Extract<ReleaseState, { name: "PAUSED" }>,
  event: ReleaseEvent,
): Next {
  const { step, reason } = state;
  switch (event.type) {
    case "approved":
      return reason === "approval" ? onward(machine, step) : null;
    case "rejected":
      return reason === "approval" ? ABORTING : null;
    case "resumed":
      return { to: { name: "VERIFYING", step }, counters: LOOKED_AT };
    case "extended":
      return { to: { name: "BAKING", step }, counters: LOOKED_AT };
    case "promotion-forced":
      return { to: { name: "PROMOTING" } };
    case "pause-expired":
      return machine.plan.onTimeout === "abort" ? ABORTING : { to: state };
    default:
      return null;
  }
}

/** After a step that passed, and was approved where it asks for that. */
function onward(machine: Machine, step: number): Next {
  const counters = LOOKED_AT;
  return step >= lastStep(machine)
    ? { to: { name: "PROMOTING" }, counters }
    : { to: { name: "SHIFTING", step: step + 1 }, counters };
}

function lastStep({ plan }: Machine): number {
  return plan.steps.length - 1;
}

function pausedAt(step: number, reason: PauseReason): ReleaseState {
  return { name: "PAUSED", step, reason };
}

function paused(step: number, reason: PauseReason): Next {
  return { to: pausedAt(step, reason) };
}
