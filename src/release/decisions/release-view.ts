import { ALL_BPS } from "../../core/traffic-split.js";
import type { Decide } from "../controller/ports.js";
import type { ReleaseEvidence, StepLog } from "../evidence/release-evidence.js";
import type { ReleasePlan } from "../plan/release-plan.js";
import { ReleaseLedger } from "./release-ledger.js";
import type { ReleaseTotals } from "./release-totals.js";
import type { Cuts } from "./unit-values.js";
import type { Unit } from "./units.js";

/** Everything that the parts of a decision look at. */
export interface ReleaseView {
  readonly plan: ReleasePlan;
  readonly evidence: ReleaseEvidence;
  readonly steps: readonly StepLog[];
  readonly moment: Parameters<Decide>[2];
  readonly units: readonly Unit[];
  readonly totals: ReleaseTotals;
  /** Conversations of stable that failed in a row until now, when they are an outage; `null`: none. */
  readonly outage: number | null;
  readonly cuts: Cuts;
  /** Error probability of every rule: what the plan allows, split over all that can roll back. */
  readonly alpha: number;
}

/** Evidence counted from its beginning. */
export function viewOf(
  evidence: ReleaseEvidence,
  plan: ReleasePlan,
  moment: Parameters<Decide>[2],
): ReleaseView {
  return new ReleaseLedger(plan).viewAt(evidence, moment);
}

/** Whether both arms took traffic at that place in the log of steps. */
export function isConcurrent({ steps }: ReleaseView, { place }: Pick<Unit, "place">): boolean {
  return place >= 0 && (steps[place]?.bps ?? 0) < ALL_BPS;
}
