import { type ReleaseState, type StateName, stateText } from "../machine/state.js";

/** What people are told of; the steps between are in the journal. */
const NOTICED: ReadonlySet<StateName> = new Set<StateName>([
  "AWAITING_APPROVAL",
  "BAKING",
  "PAUSED",
  "WATCHING",
  "ABORTING",
  "ROLLBACK_HELD",
  "SUCCEEDED",
  "ROLLED_BACK",
  "CANCELLED",
  "SUPERSEDED",
]);

const NEXT: Partial<Record<StateName, string>> = {
  AWAITING_APPROVAL: "agentctl canary approve, or reject",
  PAUSED: "agentctl canary status, then resume, extend or rollback",
  ROLLBACK_HELD: "bring the stable version back; the rollback goes on by itself when it answers",
};

/** Whether people are told that a release went from one state to another. */
export function isNoticed(from: ReleaseState, to: ReleaseState): boolean {
  if (stateText(from) === stateText(to)) return false;
  return NOTICED.has(to.name) && !(to.name === "BAKING" && from.name === "EVALUATING");
}

/** What they are told. */
export function noticeText(to: ReleaseState, reason: string): string {
  const next = NEXT[to.name];
  return `${stateText(to)}: ${reason}${next === undefined ? "" : `. Next: ${next}`}`;
}

/** Whether somebody must look now. */
export function urgencyOf(state: ReleaseState): "info" | "page" {
  if (state.name === "PAUSED")
    return state.reason === "approval" || state.reason === "requested" ? "info" : "page";
  return state.name === "ABORTING" || state.name === "ROLLBACK_HELD" ? "page" : "info";
}
