import { normalUpperTail } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";

/** `inconclusive`: too little evidence, or none; never a pass. */
export type NonInferiorityVerdict = "pass" | "fail" | "inconclusive";

/** Result of a non-inferiority test; numbers are `null` without data, and the verdict is then inconclusive. */
export interface NonInferiority {
  /** Current rate minus baseline rate. */
  readonly estimate: number | null;
  /** Score statistic of H0: difference = -margin; large when the current version is good enough. */
  readonly z: number | null;
  /** One-sided p-value of H0: current is worse than baseline by the margin or more. */
  readonly p: number | null;
  /** Limits of the 1 - 2·alpha interval. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly verdict: NonInferiorityVerdict;
}

export interface NonInferiorityOptions {
  /** Largest tolerated absolute loss of pass rate, in [0, 1). */
  readonly margin: number;
  /** One-sided error rate, in (0, 0.5). */
  readonly alpha: number;
}

export const NO_DATA: NonInferiority = {
  estimate: null,
  z: null,
  p: null,
  lower: null,
  upper: null,
  verdict: "inconclusive",
};

/** @throws {StatisticsError} unless the margin lies in [0, 1) and alpha in (0, 0.5) */
export function requireNonInferiorityOptions({ margin, alpha }: NonInferiorityOptions): void {
  if (!(margin >= 0 && margin < 1)) {
    throw new StatisticsError(`expected a margin of at least 0 and below 1, found ${margin}`);
  }
  if (!(alpha > 0 && alpha < 0.5)) {
    throw new StatisticsError(`expected a one-sided alpha between 0 and 0.5, found ${alpha}`);
  }
}

/** Upper tail of the score statistic; 1 when nothing varies and nothing differs (`z` 0 without variance). */
export function nonInferiorityP(z: number, varies: boolean): number {
  return varies ? normalUpperTail(z) : 1;
}

/** Pass when the whole interval lies above -margin, fail when the whole interval lies below it. */
export function nonInferiorityVerdict(lower: number, upper: number, margin: number): NonInferiorityVerdict {
  if (lower > -margin) return "pass";
  return upper < -margin ? "fail" : "inconclusive";
}
