import { normalUpperTail } from "./normal.js";
import { requireCount } from "./validate.js";

export interface McNemarChiSquare {
  /** Chi-square with one degree of freedom. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * McNemar's chi-square with continuity correction, (|lost - won| - 1)² / (lost + won), for readers who compare with
 * other programs. Approximate: gate on {@link mcnemarExact}.
 *
 * @param lost - baseline passed, current failed
 * @param won - current passed, baseline failed
 * @returns as statsmodels also when lost = won, where the correction overshoots to 1 / (lost + won) and R says 0;
 *   statistic 0 and p = 1 without a discordant pair
 * @throws {StatisticsError} if a number is no count
 */
export function mcnemarChiSquare(lost: number, won: number): McNemarChiSquare {
  requireCount("lost", lost);
  requireCount("won", won);
  if (lost + won === 0) return { statistic: 0, p: 1 };
  const root = Math.abs(Math.abs(lost - won) - 1) / Math.sqrt(lost + won);
  return { statistic: root * root, p: Math.min(1, 2 * normalUpperTail(root)) };
}
