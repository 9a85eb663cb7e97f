import { normalCdf, normalUpperTail } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";

/** What a test looks for: the current version worse than the baseline, better, or merely different. */
export type ChangeAlternative = "worse" | "better" | "two-sided";

/** @throws {StatisticsError} on any other word */
export function requireChangeAlternative(alternative: ChangeAlternative): void {
  if (!["worse", "better", "two-sided"].includes(alternative)) {
    throw new StatisticsError(
      `expected the alternative "worse", "better" or "two-sided", found "${String(alternative)}"`,
    );
  }
}

/** p-value of a standard normal z that is negative when the current version is worse. */
export function normalPValue(z: number, alternative: ChangeAlternative): number {
  if (alternative === "worse") return normalCdf(z);
  if (alternative === "better") return normalUpperTail(z);
  return Math.min(1, 2 * normalUpperTail(Math.abs(z)));
}
