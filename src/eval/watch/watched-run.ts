import type { GateReport } from "../../gates/gate-report.js";
import type { Outcome } from "../../report/case-outcome.js";

/** How a case stands, and how it stood when results were shown last; `null` where it did not exist. */
export interface CaseChange {
  readonly caseId: string;
  readonly before: Outcome | null;
  readonly after: Outcome | null;
  /** Why it is not passed, one sentence; `null` when it is. */
  readonly reason: string | null;
}

/** What one round of a watch found. */
export interface WatchedRun {
  /** Trials that were executed in this round; the others stand from earlier rounds. */
  readonly executed: number;
  /** Cases whose outcome changed, and those that are still not passed, worst first. */
  readonly cases: readonly CaseChange[];
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Cases that have no result since the agent changed, because only failing ones were asked for. */
  readonly notRun: number;
  /** `null` without rules, and while cases have no result: a part of the evidence is no verdict. */
  readonly gate: GateReport | null;
  readonly notes: readonly string[];
  /** Another change came meanwhile: nothing was judged. */
  readonly isStopped: boolean;
}
