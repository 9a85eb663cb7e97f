import { type GoldenCase, NOTHING_EXPECTED } from "../core/golden-case.js";
import type { Score } from "../core/score.js";
import type { CaseReport, RunReport, TrialReport } from "./run-report.js";

const HIDDEN = "(holdout case: its text is not shown)";

/**
 * Takes every text out of the holdout cases, so that no reporter can print one: a holdout that was read is no
 * holdout any more. Ids, tags, outcomes, scores, error codes, time and cost stay.
 */
export function hideHoldout(report: RunReport): RunReport {
  return { ...report, cases: report.cases.map(hideCase) };
}

export function isHoldout(report: CaseReport): boolean {
  return report.goldenCase.split === "holdout";
}

/** A case without its texts if it is a holdout case. */
export function hideCase(report: CaseReport): CaseReport {
  if (!isHoldout(report)) return report;
  const goldenCase: GoldenCase = {
    ...report.goldenCase,
    input: { kind: "text", text: HIDDEN },
    expect: NOTHING_EXPECTED,
  };
  return { goldenCase, trials: report.trials.map(hideTrial) };
}

function hideTrial(trial: TrialReport): TrialReport {
  const scores: Record<string, Score> = {};
  for (const [metric, score] of Object.entries(trial.scores)) {
    scores[metric] = score.value === null ? score : { value: score.value };
  }
  return {
    ...trial,
    scores,
    answer: trial.answer === null ? null : HIDDEN,
    failures: trial.failures.length === 0 ? [] : [HIDDEN],
    error: trial.error === null ? null : { ...trial.error, message: HIDDEN },
    check: trial.check === null ? null : { ...trial.check, missingOutputs: [], stateDifferences: [] },
  };
}
