import type { ReleaseEvent } from "./release-event.js";
import { type ReleaseState, type StateName, stateText } from "./state.js";

/** What a person may ask of a release. */
export type RequestType = Extract<ReleaseEvent, { actor: string }>["type"];

/** The command behind each request, as it is typed. */
export const REQUEST_VERBS = {
  approved: "approve",
  rejected: "reject",
  "pause-requested": "pause",
  resumed: "resume",
  extended: "extend",
  "promotion-forced": "promote --force",
  "abort-requested": "rollback",
  superseded: "start --supersede",
} as const satisfies Record<RequestType, string>;

const BEFORE_TRAFFIC: readonly RequestType[] = ["abort-requested", "superseded"];
const STEP: readonly RequestType[] = ["pause-requested", "abort-requested"];

const ACCEPTED: Record<StateName, readonly RequestType[]> = {
  PLANNED: BEFORE_TRAFFIC,
  PREFLIGHT: BEFORE_TRAFFIC,
  AWAITING_APPROVAL: ["approved", "rejected", ...BEFORE_TRAFFIC],
  SHIFTING: STEP,
  VERIFYING: STEP,
  BAKING: ["extended", ...STEP],
  EVALUATING: ["extended", ...STEP],
  PAUSED: ["resumed", "extended", "promotion-forced", "abort-requested"],
  PROMOTING: ["abort-requested"],
  WATCHING: ["abort-requested"],
  ABORTING: BEFORE_TRAFFIC,
  ROLLBACK_HELD: ["abort-requested"],
  SUCCEEDED: ["abort-requested"],
  ROLLED_BACK: ["abort-requested"],
  CANCELLED: ["abort-requested"],
  SUPERSEDED: ["abort-requested"],
};

/** Requests that do not fail in a state; in a state that ended, a rollback has nothing left to do. */
export function allowedRequests(state: ReleaseState): readonly RequestType[] {
  const accepted = ACCEPTED[state.name];
  return state.name === "PAUSED" && state.reason === "approval"
    ? ["approved", "rejected", ...accepted]
    : accepted;
}

/** `BAKING(1) takes extend, pause, rollback`, for messages. */
export function allowedText(state: ReleaseState): string {
  const verbs = allowedRequests(state).map((type) => REQUEST_VERBS[type]);
  return `${stateText(state)} takes ${verbs.join(", ")}`;
}
