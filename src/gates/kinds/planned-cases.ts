import type { RunEvidence } from "../../comparison/evidence.js";
import { parseCaseCondition } from "../../config/gates/case-condition.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { TrialRow } from "../../metrics/metric.js";

/** Cases that a result names, however many there are. */
export const MOST_CASES = 50;

/** A case that the run was to run, and what is there of it. */
export interface PlannedCase {
  readonly goldenCase: GoldenCase;
  /** Trials of the plan, at least 1. */
  readonly planned: number;
  /** Trials that are stored, broken ones included. */
  readonly rows: readonly TrialRow[];
}

/** The cases that a rule speaks of, or why nobody can say which they are. */
export type CaseSelection = { readonly cases: readonly PlannedCase[] } | { readonly unknown: string };

/**
 * The cases of the run's plan that meet a condition, in the order of the plan.
 *
 * @param where - a condition on cases; left out: all of them
 */
export function selectCases(own: RunEvidence, where: string | undefined): CaseSelection {
  const condition = where === undefined ? null : parseCaseCondition(where);
  if (condition !== null && "problem" in condition) {
    return { unknown: `The condition ${JSON.stringify(where)} ${condition.problem}.` };
  }
  const trials = trialsOf(own);
  const forgotten = [...trials.keys()].filter((id) => !own.cases.has(id)).length;
  if (forgotten > 0) {
    return { unknown: `The store no longer has ${forgotten} of the ${trials.size} cases of this run.` };
  }
  const cases = [...trials].map(([id, { planned, rows }]) => ({
    goldenCase: own.cases.get(id) as GoldenCase,
    planned,
    rows,
  }));
  return {
    cases: condition === null ? cases : cases.filter((one) => condition.value.matches(one.goldenCase)),
  };
}

/** Trials of the plan and stored ones, by case id. */
export function trialsOf(own: RunEvidence): ReadonlyMap<string, Omit<PlannedCase, "goldenCase">> {
  const cases = new Map<string, { planned: number; rows: TrialRow[] }>();
  const caseOf = (id: string) => {
    const known = cases.get(id) ?? { planned: 0, rows: [] };
    cases.set(id, known);
    return known;
  };
  for (const { caseId } of own.run.plan) caseOf(caseId).planned += 1;
  for (const row of own.rows) caseOf(row.caseId).rows.push(row);
  for (const known of cases.values()) known.planned = Math.max(known.planned, known.rows.length);
  return cases;
}
