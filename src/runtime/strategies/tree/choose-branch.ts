import type { Assessment } from "./assess-candidate.js";
import type { Candidate } from "./candidates.js";

/** A candidate with what the model and the code think of it. */
export interface Branch {
  readonly candidate: Candidate;
  readonly assessment: Assessment;
  /** Of the model: how well it does what the user wants, 0 to 1. */
  readonly score: number;
  /** The larger of what the model and the code say, 0 to 1. */
  readonly risk: number;
  readonly reasons: readonly string[];
}

/**
 * The safest branch among the good ones: of those whose score is within the margin of the best, the one with the
 * lowest risk; then the higher score, then fewer calls, then the earlier one. Refused branches are never chosen.
 *
 * @param margin - 0 to 1; with 0 only ties are decided by risk
 * @returns `null` when every branch is refused
 */
export function chooseBranch(branches: readonly Branch[], margin: number): Branch | null {
  const open = branches.filter(({ assessment }) => assessment.refusal === null);
  const best = Math.max(...open.map(({ score }) => score));
  // A difference of decimal fractions is off by less than this.
  const good = open.filter(({ score }) => score >= best - margin - 1e-9);
  const [first] = good.toSorted(
    (one, other) =>
      one.risk - other.risk ||
      other.score - one.score ||
      one.assessment.cost - other.assessment.cost ||
      branches.indexOf(one) - branches.indexOf(other),
  );
  return first ?? null;
}

/** One line on a branch for the trace. */
export function describeBranch({ candidate, assessment, score, risk, reasons }: Branch): string {
  const what = candidate.say === null ? candidate.calls.map(({ tool }) => tool).join(", ") : "say";
  const figures =
    assessment.refusal ?? `score ${round(score)}, risk ${round(risk)}, calls ${assessment.cost}`;
  return [`${candidate.id} (${what}): ${figures}`, ...reasons].join("; ");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
