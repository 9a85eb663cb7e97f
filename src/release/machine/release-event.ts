import type { Verdict } from "../../core/score.js";

/** Something that moves a release. `reason` is one sentence for people. */
export type ReleaseEvent =
  /** The gate report passed, names the artefact, and the plan is frozen. */
  | { readonly type: "plan-frozen" }
  | { readonly type: "preflight-passed" }
  | { readonly type: "preflight-failed"; readonly reason: string }
  | { readonly type: "approved"; readonly actor: string; readonly reason: string }
  | { readonly type: "rejected"; readonly actor: string; readonly reason: string }
  | { readonly type: "approval-expired" }
  | { readonly type: "shift-applied" }
  | { readonly type: "shift-failed"; readonly reason: string }
  | { readonly type: "split-verified" }
  | { readonly type: "drift-found"; readonly reason: string }
  | { readonly type: "mismatch-found"; readonly reason: string }
  /** Least time and least conversations are met. */
  | { readonly type: "bake-completed" }
  /** Longest time is over with too few conversations. */
  | { readonly type: "bake-expired"; readonly reason: string }
  /** A rule that needs no more evidence: safety, error burst, arm down, proven harm. */
  | { readonly type: "hard-rule-tripped"; readonly reason: string }
  /** Stable is down while it is the control. */
  | { readonly type: "control-lost"; readonly reason: string }
  | { readonly type: "capacity-short"; readonly reason: string }
  | { readonly type: "evaluated"; readonly verdict: Verdict; readonly reason: string }
  | { readonly type: "pause-requested"; readonly actor: string; readonly reason: string }
  | { readonly type: "resumed"; readonly actor: string; readonly reason: string }
  /** More bake time for the step. */
  | { readonly type: "extended"; readonly actor: string; readonly reason: string; readonly byMs: number }
  /** Nobody decided while it was paused. */
  | { readonly type: "pause-expired" }
  | { readonly type: "abort-requested"; readonly actor: string; readonly reason: string }
  | { readonly type: "promotion-forced"; readonly actor: string; readonly reason: string }
  | { readonly type: "promotion-confirmed" }
  | { readonly type: "promotion-failed"; readonly reason: string }
  /** Delayed outcomes matured. */
  | { readonly type: "watch-passed" }
  | { readonly type: "watch-failed"; readonly reason: string }
  /** Split 0 was read back, and no canary traffic is seen; with a reason: there was nothing to take back. */
  | { readonly type: "rollback-confirmed"; readonly reason?: string }
  | { readonly type: "rollback-failed"; readonly reason: string }
  /** Stable cannot take the traffic back, and the canary is healthy. */
  | { readonly type: "stable-down"; readonly reason: string }
  | { readonly type: "superseded"; readonly actor: string; readonly reason: string };

export type ReleaseEventType = ReleaseEvent["type"];
