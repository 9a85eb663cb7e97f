import type { CaseReport, TrialReport } from "./run-report.js";

/** `unscored`: executed, and nothing said whether it was right; `not run`: planned only. */
export type Outcome = "failed" | "error" | "unscored" | "not run" | "passed";

const ORDER: readonly Outcome[] = ["failed", "error", "not run", "unscored", "passed"];

export function trialOutcome(trial: TrialReport): Outcome {
  if (trial.status === "error") return "error";
  if (trial.passed === null) return "unscored";
  return trial.passed ? "passed" : "failed";
}

/** The worst outcome of its trials: a case is `passed` only when every trial passed. */
export function caseOutcome(report: CaseReport): Outcome {
  const outcomes = new Set(report.trials.map(trialOutcome));
  return ORDER.find((outcome) => outcomes.has(outcome)) ?? "not run";
}

/** Failing cases first, then errors; within one outcome the order of the dataset. */
export function worstFirst(cases: readonly CaseReport[]): CaseReport[] {
  const rank = (one: CaseReport) => ORDER.indexOf(caseOutcome(one));
  return [...cases].sort((left, right) => rank(left) - rank(right));
}

/** How many cases ended in each outcome. */
export function countOutcomes(cases: readonly CaseReport[]): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { failed: 0, error: 0, unscored: 0, "not run": 0, passed: 0 };
  for (const one of cases) counts[caseOutcome(one)] += 1;
  return counts;
}

/** `2 of 3 trials passed`; trials without a verdict are named, never counted as failed. */
export function trialsPassed(report: CaseReport): string {
  const count = (outcome: Outcome) => report.trials.filter((one) => trialOutcome(one) === outcome).length;
  const scored = count("passed") + count("failed");
  const parts: string[] = [];
  if (scored > 0) parts.push(`${count("passed")} of ${scored} ${scored === 1 ? "trial" : "trials"} passed`);
  if (count("error") > 0) parts.push(`${count("error")} in error`);
  if (count("unscored") > 0) parts.push(`${count("unscored")} not scored`);
  return parts.length === 0 ? "not run" : parts.join(", ");
}
