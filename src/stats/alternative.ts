import { StatisticsError } from "./statistics-error.js";

/** What a test looks for: `greater` means the first sample, or the differences, tend to be larger. */
export type Alternative = "two-sided" | "greater" | "less";

/** Twice the smaller tail, at most 1, or the tail that the alternative names. */
export function tailOf(alternative: Alternative, lower: number, upper: number): number {
  switch (alternative) {
    case "two-sided":
      return Math.min(1, 2 * Math.min(lower, upper));
    case "greater":
      return upper;
    case "less":
      return lower;
    default:
      throw new StatisticsError(
        `expected the alternative to be two-sided, greater or less, found ${String(alternative satisfies never)}`,
      );
  }
}

/**
 * The half that a continuity correction moves the distance of a rank statistic from its mean: towards zero for
 * `two-sided`, against the alternative else.
 */
export function continuityShift(alternative: Alternative, distance: number): number {
  if (alternative === "two-sided") return Math.sign(distance) / 2;
  return alternative === "greater" ? 0.5 : -0.5;
}
