import type { PlannedTrial } from "../../core/run.js";
import type { TrialRow } from "../../metrics/metric.js";

/**
 * The finished trials of a run that was planned in random order, up to the first one that is still missing. Later ones that
 * are there already are left out: whichever trials are fast would else be more often among them, and fast trials may
 * succeed more often.
 */
export interface TrialPrefix {
  /** In the order of the plan. */
  readonly rows: readonly TrialRow[];
  /** Trials of the plan behind them. */
  readonly remaining: readonly PlannedTrial[];
}

/** @param plan - in the order in which the trials start */
export function prefixOf(plan: readonly PlannedTrial[], rows: readonly TrialRow[]): TrialPrefix {
  const known = new Map(rows.map((row) => [`${row.trial}/${row.caseId}`, row]));
  const first = plan.findIndex(({ caseId, trial }) => !known.has(`${trial}/${caseId}`));
  const length = first === -1 ? plan.length : first;
  return {
    rows: plan.slice(0, length).map(({ caseId, trial }) => known.get(`${trial}/${caseId}`) as TrialRow),
    remaining: plan.slice(length),
  };
}
