import { ALL_BPS } from "../../core/traffic-split.js";
import type { Decide } from "../controller/ports.js";
import type { ReleaseEvidence, StepLog } from "../evidence/release-evidence.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import type { Cuts } from "./unit-values.js";
import { type Unit, unitsOf } from "./units.js";

/** Everything that the parts of a decision look at. */
export interface ReleaseView {
  readonly plan: ReleasePlan;
  readonly evidence: ReleaseEvidence;
  readonly steps: readonly StepLog[];
  readonly moment: Parameters<Decide>[2];
  readonly units: readonly Unit[];
  readonly cuts: Cuts;
  /** Error probability of every rule: what the plan allows, split over all that can roll back. */
  readonly alpha: number;
}

export function viewOf(
  evidence: ReleaseEvidence,
  plan: ReleasePlan,
  moment: Parameters<Decide>[2],
): ReleaseView {
  const steps = [...moment.steps].sort((a, b) => a.startedAt - b.startedAt);
  const enforced = plan.rules.filter(({ mode }) => mode === "enforce").length;
  return {
    plan,
    evidence,
    steps,
    moment,
    units: unitsOf(evidence.conversations, steps, plan.unit),
    cuts: { now: moment.now, maturationMs: plan.maturationMs, warmupMs: plan.warmupMs, steps },
    // One part more than there are rules: a burst of errors rolls back without any.
    alpha: plan.alpha / (enforced + 1),
  };
}

/** Whether a unit began when both arms took traffic. */
export function isConcurrent({ steps }: ReleaseView, { place }: Unit): boolean {
  return place >= 0 && (steps[place]?.bps ?? 0) < ALL_BPS;
}

/** Whether a unit began when the canary had all traffic. */
export function isAtFullTraffic({ steps }: ReleaseView, { place }: Unit): boolean {
  return (steps[place]?.bps ?? 0) >= ALL_BPS;
}
