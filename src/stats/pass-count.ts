import { requireSuccesses } from "./validate.js";

/** What one arm of an unpaired comparison gave. */
export interface PassCount {
  /** Trials that passed, 0 to `trials`. */
  readonly successes: number;
  /** Trials scored; 0 is no data, not an error. */
  readonly trials: number;
}

/** @throws {StatisticsError} unless both arms are counts with `successes` at most `trials` */
export function requireArms(baseline: PassCount, current: PassCount): void {
  requireSuccesses(baseline.successes, baseline.trials);
  requireSuccesses(current.successes, current.trials);
}

/**
 * Current rate minus baseline rate, times the product of both trial counts: a whole number, so that its sign and
 * its comparison with a threshold are exact (0.95 - 0.93 is not 0.02 in doubles).
 */
export function scaledDifference(baseline: PassCount, current: PassCount): bigint {
  return (
    BigInt(current.successes) * BigInt(baseline.trials) - BigInt(baseline.successes) * BigInt(current.trials)
  );
}

/** Current rate minus baseline rate, rounded once; both arms have trials. */
export function rateDifference(baseline: PassCount, current: PassCount): number {
  return Number(scaledDifference(baseline, current)) / (baseline.trials * current.trials);
}
