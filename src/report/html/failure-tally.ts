import type { FailureKind } from "../failures/failure-kinds.js";
import { FAILURE_KINDS } from "../failures/failure-kinds.js";
import { isHoldout } from "../hide-holdout.js";
import type { CaseReport } from "../run-report.js";
import type { TrialFindings } from "./page-case.js";

const MOST_EXAMPLES = 5;

/** How often one kind of failure occurred. */
export interface FailureTally {
  readonly kind: FailureKind;
  readonly trials: number;
  readonly cases: number;
  /** The first cases, with what decided; of a holdout case the id alone. */
  readonly examples: readonly { readonly caseId: string; readonly because: string | null }[];
}

/** Counts the kinds that occur, most trials first. */
export function tallyFailures(
  cases: readonly CaseReport[],
  findings: ReadonlyMap<string, readonly TrialFindings[]>,
): readonly FailureTally[] {
  const tallies = FAILURE_KINDS.map(({ kind }) => {
    let trials = 0;
    const found: { caseId: string; because: string | null }[] = [];
    for (const one of cases) {
      const own = findings.get(one.goldenCase.id)?.filter(({ failure }) => failure?.kind === kind) ?? [];
      if (own.length === 0) continue;
      trials += own.length;
      const because = isHoldout(one) ? null : (own[0]?.failure?.because ?? null);
      found.push({ caseId: one.goldenCase.id, because });
    }
    return { kind, trials, cases: found.length, examples: found.slice(0, MOST_EXAMPLES) };
  });
  return tallies.filter(({ trials }) => trials > 0).sort((left, right) => right.trials - left.trials);
}
