import { requireCount } from "./validate.js";

/** Pass/fail of the same cases under two versions: how many pairs fell into each of the four cells. */
export interface PairedCounts {
  readonly bothPass: number;
  /** The baseline passed, the current version failed: lost cases. */
  readonly baselineOnly: number;
  /** The current version passed, the baseline failed: won cases. */
  readonly currentOnly: number;
  readonly bothFail: number;
}

/**
 * Number of pairs.
 *
 * @throws {StatisticsError} if a cell is no count
 */
export function countPairs(pairs: PairedCounts): number {
  requireCount("bothPass", pairs.bothPass);
  requireCount("baselineOnly", pairs.baselineOnly);
  requireCount("currentOnly", pairs.currentOnly);
  requireCount("bothFail", pairs.bothFail);
  return pairs.bothPass + pairs.baselineOnly + pairs.currentOnly + pairs.bothFail;
}
