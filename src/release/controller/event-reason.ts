import type { ReleaseEvent } from "../machine/release-event.js";

/** What is written for events that carry no sentence of their own. */
const SENTENCES = {
  "plan-frozen": "the plan is that of the gate report, and frozen",
  "preflight-passed": "both arms answer, the figures can be read, the router takes a split",
  "approval-expired": "nobody approved it in time",
  "shift-applied": "the router took the split, and gives it back",
  "split-verified": "the split is read back, and probes land where they belong",
  "bake-completed": "least time and least conversations are met",
  "pause-expired": "nobody decided in time",
  "promotion-confirmed": "the pointer to the stable version is moved, all traffic is on the new version",
  "watch-passed": "nothing bad came of it while it was watched",
  "rollback-confirmed": "split 0 is read back, no traffic of the new version is seen",
} as const satisfies Partial<Record<ReleaseEvent["type"], string>>;

/** One sentence of why an event came about. */
export function eventReason(event: ReleaseEvent): string {
  if (event.type === "rollback-confirmed") return event.reason ?? SENTENCES[event.type];
  if ("reason" in event) return event.reason;
  return SENTENCES[event.type];
}
