import { FAILURE_KINDS, type FailureKind } from "../failures/failure-kinds.js";
import { isHoldout } from "../hide-holdout.js";
import { oneLine } from "../plain-text.js";
import type { CaseReport } from "../run-report.js";
import type { TrialFindings } from "./page-case.js";
import { pageText } from "./page-text.js";

const MOST_EXAMPLES = 5;
const MOST_CHARACTERS = 140;

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
      found.push({ caseId: one.goldenCase.id, because: isHoldout(one) ? null : whyOf(one, kind, own) });
    }
    return { kind, trials, cases: found.length, examples: found.slice(0, MOST_EXAMPLES) };
  });
  return tallies.filter(({ trials }) => trials > 0).sort((left, right) => right.trials - left.trials);
}

/** What decided; where no rule did, the first thing that the case expected in vain. */
function whyOf(one: CaseReport, kind: FailureKind, own: readonly TrialFindings[]): string | null {
  if (kind !== "other")
    return oneLine(pageText(own[0]?.failure?.because ?? "", MOST_CHARACTERS), MOST_CHARACTERS);
  const failure = one.trials.find(({ failures }) => failures.length > 0)?.failures[0];
  return failure === undefined ? null : oneLine(pageText(failure, 400), MOST_CHARACTERS);
}
