import type { ReleaseCounters } from "../../journal/journal.js";
import type { ReleaseEvent, ReleaseEventType } from "../release-event.js";
import type { PauseReason, ReleaseState } from "../state.js";
import { type Machine, NO_COUNTERS } from "../transition.js";

export const PAUSE_REASONS: readonly PauseReason[] = [
  "approval",
  "drift",
  "srm",
  "underpowered",
  "inconclusive",
  "metrics",
  "capacity",
  "control",
  "promote",
  "requested",
];

const STEP = { bps: 100, bakeMs: 1000, maxBakeMs: 4000, minConversations: 10, needsApproval: false };

/** A release of two steps, the first with an approval; each limit is 1, that of failed shifts 2. */
export function machineOf(
  state: ReleaseState,
  change: { readonly counters?: ReleaseCounters; readonly plan?: Partial<Machine["plan"]> } = {},
): Machine {
  return {
    state,
    counters: change.counters ?? NO_COUNTERS,
    plan: {
      steps: [
        { ...STEP, needsApproval: true },
        { ...STEP, bps: 10_000 },
      ],
      limits: { applyFailures: 2, failures: 1, inconclusive: 1, consecutiveErrors: 1 },
      needsApproval: true,
      onTimeout: "abort",
      ...change.plan,
    },
  };
}

const BY = { actor: "ana", reason: "r" };

/** One event of every type; the compiler asks for those that are new. */
const OF_TYPE: { readonly [Type in ReleaseEventType]: Extract<ReleaseEvent, { type: Type }> } = {
  "plan-frozen": { type: "plan-frozen" },
  "preflight-passed": { type: "preflight-passed" },
  "preflight-failed": { type: "preflight-failed", reason: "r" },
  approved: { type: "approved", ...BY },
  rejected: { type: "rejected", ...BY },
  "approval-expired": { type: "approval-expired" },
  "shift-applied": { type: "shift-applied" },
  "shift-failed": { type: "shift-failed", reason: "r" },
  "split-verified": { type: "split-verified" },
  "drift-found": { type: "drift-found", reason: "r" },
  "mismatch-found": { type: "mismatch-found", reason: "r" },
  "bake-completed": { type: "bake-completed" },
  "bake-expired": { type: "bake-expired", reason: "r" },
  "hard-rule-tripped": { type: "hard-rule-tripped", reason: "r" },
  "control-lost": { type: "control-lost", reason: "r" },
  "capacity-short": { type: "capacity-short", reason: "r" },
  evaluated: { type: "evaluated", verdict: "pass", reason: "r" },
  "pause-requested": { type: "pause-requested", ...BY },
  resumed: { type: "resumed", ...BY },
  extended: { type: "extended", byMs: 1000, ...BY },
  "pause-expired": { type: "pause-expired" },
  "abort-requested": { type: "abort-requested", ...BY },
  "promotion-forced": { type: "promotion-forced", ...BY },
  "promotion-confirmed": { type: "promotion-confirmed" },
  "promotion-failed": { type: "promotion-failed", reason: "r" },
  "watch-passed": { type: "watch-passed" },
  "watch-failed": { type: "watch-failed", reason: "r" },
  "rollback-confirmed": { type: "rollback-confirmed" },
  "rollback-failed": { type: "rollback-failed", reason: "r" },
  "stable-down": { type: "stable-down", reason: "r" },
  superseded: { type: "superseded", ...BY },
};

/** Every event; an evaluation once for each verdict. */
export function everyEvent(): ReleaseEvent[] {
  const verdicts = ["fail", "inconclusive", "error"] as const;
  return [...Object.values(OF_TYPE), ...verdicts.map((verdict) => ({ ...OF_TYPE.evaluated, verdict }))];
}
