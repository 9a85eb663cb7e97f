import { normalUpperTail } from "./normal.js";
import { requireTwoByTwo, type TwoByTwo } from "./two-by-two.js";

export interface CochranMantelHaenszel {
  /** Chi-square with one degree of freedom; 0 when no stratum is informative. */
  readonly statistic: number;
  readonly p: number;
  /** Mantel–Haenszel odds ratio; `null` when its denominator is 0. */
  readonly commonOddsRatio: number | null;
  /** Pass rate of the first row minus that of the second, all strata thrown together; `null` if a row is empty. */
  readonly pooledDifference: number | null;
  /** The same difference within strata, weighted by n₁n₂/(n₁ + n₂); `null` if no stratum has both rows. */
  readonly stratifiedDifference: number | null;
  /** Simpson's paradox: the two differences have opposite signs. Report the strata. */
  readonly reversal: boolean;
}

/**
 * Cochran–Mantel–Haenszel test of two groups over strata, with the pooled and the stratified difference side by side.
 *
 * @param strata - per stratum a 2×2 table: rows are the groups (current first for current - baseline), columns passed
 *   and failed. Empty strata are dropped; a stratum with one group adds to the pooled rates only.
 * @param continuity - take ½ from |observed - expected|, as R does by default
 * @returns statistic 0 and p = 1 when no stratum is informative
 * @throws {StatisticsError} if a table is not two rows of two counts
 * @see Mantel and Haenszel 1959, JNCI 22(4):719
 */
export function cochranMantelHaenszel(
  strata: readonly TwoByTwo[],
  { continuity = false } = {},
): CochranMantelHaenszel {
  const sum = { excess: 0, size: 0, variance: 0, weight: 0, concordant: 0, discordant: 0 };
  const pooled = { a: 0, b: 0, c: 0, d: 0 };
  for (const table of strata) {
    requireTwoByTwo(table);
    const [[a, b], [c, d]] = table;
    const n = a + b + c + d;
    if (n === 0) continue;
    const excess = (a * d - b * c) / n;
    sum.excess += excess;
    sum.size += Math.abs(excess);
    sum.concordant += (a / n) * d;
    sum.discordant += (b / n) * c;
    sum.weight += ((a + b) / n) * (c + d);
    if (n > 1) sum.variance += ((((a + b) / n) * (c + d)) / n) * (a + c) * ((b + d) / (n - 1));
    pooled.a += a;
    pooled.b += b;
    pooled.c += c;
    pooled.d += d;
  }
  const statistic = chiSquare(sum.excess, sum.variance, continuity);
  const first = pooled.a + pooled.b;
  const second = pooled.c + pooled.d;
  const pooledSign = Math.sign(pooled.a * pooled.d - pooled.b * pooled.c);
  const isLevel = Math.abs(sum.excess) <= 8 * strata.length * Number.EPSILON * sum.size;
  return {
    statistic,
    p: Math.min(1, 2 * normalUpperTail(Math.sqrt(statistic))),
    commonOddsRatio: sum.discordant === 0 ? null : sum.concordant / sum.discordant,
    pooledDifference: first === 0 || second === 0 ? null : pooled.a / first - pooled.c / second,
    stratifiedDifference: sum.weight === 0 ? null : sum.excess / sum.weight,
    reversal: !isLevel && pooledSign * Math.sign(sum.excess) === -1,
  };
}

function chiSquare(excess: number, variance: number, continuity: boolean): number {
  if (variance === 0) return 0;
  const distance = Math.abs(excess);
  const corrected = continuity && distance >= 0.5 ? distance - 0.5 : distance;
  return corrected ** 2 / variance;
}
