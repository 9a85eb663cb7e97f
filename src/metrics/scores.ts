import type { Score } from "../core/score.js";

const ONE: Score = Object.freeze({ value: 1 });
const ZERO: Score = Object.freeze({ value: 0 });
const unscoredByReason = new Map<string, Score>();

/**
 * A score. Equal ones without detail share one object, so that 100,000 trials stay small.
 *
 * @param detail - what is missing or wrong, for the reports
 */
export function scored(value: number, detail?: string): Score {
  if (!Number.isFinite(value)) return unscored(`the metric gave ${value}`);
  if (detail !== undefined) return { value, detail };
  if (value === 1) return ONE;
  return value === 0 ? ZERO : { value };
}

/** No score, with the reason that reports print and count; reasons come from a small set, so they are shared. */
export function unscored(reason: string): Score {
  let score = unscoredByReason.get(reason);
  if (score === undefined) {
    score = Object.freeze({ value: null, reason });
    if (unscoredByReason.size < 1000) unscoredByReason.set(reason, score);
  }
  return score;
}

/** Why a trial that infrastructure broke has no score. */
export function infrastructureError(code: string | null): string {
  return `infrastructure error: ${code ?? "UNKNOWN"}`;
}
