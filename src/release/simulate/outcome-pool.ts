import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import { TURN_MS } from "../../metrics/operations/sample-names.js";

/** What came of one conversation. */
export interface Outcome {
  readonly isSuccess: boolean;
  /** Whether the trial ran to its end; one that broke is a failed request. */
  readonly ok: boolean;
  /** Of an answer: of each turn where they were measured, else of the whole trial. At least one. */
  readonly latenciesMs: readonly number[];
  readonly costUsd: number | null;
}

/** The recorded trials of a case. */
export interface CaseOutcomes {
  readonly caseId: string;
  /** Known before assignment, so that figures may be compared within it. */
  readonly stratum: string;
  readonly stable: readonly Outcome[];
  readonly canary: readonly Outcome[];
}

/** More groups than this are no strata, but cases by another name. */
const MOST_STRATA = 20;

/**
 * Cases that both runs tried, with what came of them. Trials without a score for success are left out: nobody knows what
 * they would count as. Those that broke are failures.
 */
export function outcomePool(stable: readonly TrialRow[], canary: readonly TrialRow[]): CaseOutcomes[] {
  const arms = { stable: byCase(stable), canary: byCase(canary) };
  const common = [...arms.stable.keys()].filter((caseId) => arms.canary.has(caseId));
  const groups = new Map(stable.map(({ caseId, group }) => [caseId, group]));
  const isStratified = new Set(common.map((caseId) => groups.get(caseId))).size <= MOST_STRATA;
  return common.map((caseId) => ({
    caseId,
    stratum: isStratified ? (groups.get(caseId) ?? "all") : "all",
    stable: arms.stable.get(caseId) ?? [],
    canary: arms.canary.get(caseId) ?? [],
  }));
}

function byCase(rows: readonly TrialRow[]): Map<string, Outcome[]> {
  const cases = new Map<string, Outcome[]>();
  for (const row of rows) {
    const outcome = outcomeOf(row);
    if (outcome === null) continue;
    const known = cases.get(row.caseId);
    if (known === undefined) cases.set(row.caseId, [outcome]);
    else known.push(outcome);
  }
  return cases;
}

function outcomeOf({ status, scores, samples, durationMs, costUsd }: TrialRow): Outcome | null {
  const ok = status === "completed";
  const success = scores[TASK_SUCCESS]?.value ?? null;
  if (ok && success === null) return null;
  const turns = samples?.[TURN_MS] ?? [];
  return { isSuccess: success === 1, ok, latenciesMs: turns.length > 0 ? turns : [durationMs], costUsd };
}

/** Success of each arm over cases drawn with equal chance, then one of their trials. */
export function ratesOf(pool: readonly CaseOutcomes[]): { readonly stable: number; readonly canary: number } {
  const rate = (arm: "stable" | "canary") =>
    pool.reduce(
      (sum, one) => sum + one[arm].filter(({ isSuccess }) => isSuccess).length / one[arm].length,
      0,
    ) / pool.length;
  return { stable: rate("stable"), canary: rate("canary") };
}
