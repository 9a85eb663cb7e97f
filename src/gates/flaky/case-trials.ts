import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";

/** Judged trials of one case in one run. */
export interface CaseTrials {
  readonly passed: number;
  /** At least 2. */
  readonly trials: number;
}

/** How much trials of a case disagreed within earlier runs. */
export interface CaseHistory {
  /** Share of pairs of trials of one run that disagreed, 0 to 1. */
  readonly rate: number;
  /** Trials in all. */
  readonly trials: number;
}

/** Cases with at least two trials that passed or failed, by id; one trial cannot disagree with itself. */
export function repeatedTrials(rows: readonly TrialRow[]): ReadonlyMap<string, CaseTrials> {
  const cases = new Map<string, CaseTrials>();
  for (const row of rows) {
    const value = row.status === "error" ? null : (row.scores[TASK_SUCCESS]?.value ?? null);
    if (value === null) continue;
    const { passed, trials } = cases.get(row.caseId) ?? { passed: 0, trials: 0 };
    cases.set(row.caseId, { passed: passed + (value === 1 ? 1 : 0), trials: trials + 1 });
  }
  return new Map([...cases].filter(([, { trials }]) => trials >= 2));
}

/**
 * Only trials of one run are compared with each other: another run may be of another version, and a case that a new
 * version fails for good does not disagree.
 */
export function historyOf(
  caseId: string,
  earlier: readonly ReadonlyMap<string, CaseTrials>[],
): CaseHistory | null {
  let pairs = 0;
  let disagreeing = 0;
  let all = 0;
  for (const run of earlier) {
    const found = run.get(caseId);
    if (found === undefined) continue;
    all += found.trials;
    pairs += (found.trials * (found.trials - 1)) / 2;
    disagreeing += found.passed * (found.trials - found.passed);
  }
  return pairs === 0 ? null : { rate: disagreeing / pairs, trials: all };
}
