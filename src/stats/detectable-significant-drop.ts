import { binomialProbability, binomialUpperTail } from "./binomial.js";
import { leastAbove, type SignificantDropOptions } from "./significant-drop.js";
import { requireCount, requireProbability } from "./validate.js";

const POWER = 0.8;
/** Numbers of discordant pairs that are rarer than this change no digit that is printed. */
const NEGLIGIBLE = 1e-12;
const HALVINGS = 14;

/**
 * Power of the significant-drop rule on paired outcomes, by exact summation: the chance that the exact McNemar test has
 * p < alpha and the observed drop exceeds `minDrop`.
 *
 * @param drop - true drop, in [0, discordantRate]
 * @param discordantRate - share of cases whose outcome differs between the runs, in [0, 1]
 * @param pairs - cases run by both
 * @returns chance in [0, 1]
 * @throws {StatisticsError} if an argument is outside its range
 */
export function powerSignificantDrop(
  drop: number,
  discordantRate: number,
  pairs: number,
  { alpha = 0.05, minDrop = 0.02 }: SignificantDropOptions = {},
): number {
  requireProbability("discordantRate", discordantRate);
  requireProbability("drop", drop);
  requireCount("pairs", pairs);
  if (discordantRate === 0) return 0;
  const lostShare = Math.min(1, (1 + drop / discordantRate) / 2);
  const least = leastAbove(minDrop, pairs);
  let power = 0;
  for (let discordant = least; discordant <= pairs; discordant++) {
    const chance = binomialProbability(discordant, pairs, discordantRate);
    if (chance < NEGLIGIBLE) {
      if (discordant > pairs * discordantRate) break;
      continue;
    }
    const lost = fewestLost(discordant, least, alpha);
    if (lost !== null) power += chance * binomialUpperTail(lost, discordant, lostShare);
  }
  return Math.min(1, power);
}

/** The fewest lost cases among the discordant ones at which the rule finds a regression; `null` if none are enough. */
function fewestLost(discordant: number, least: number, alpha: number): number | null {
  let low = Math.ceil((discordant + least) / 2);
  let high = discordant + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialUpperTail(middle, discordant, 0.5) < alpha) high = middle;
    else low = middle + 1;
  }
  return low > discordant ? null : low;
}

/**
 * The least true drop that the significant-drop rule catches with power 80 % on paired outcomes, to four decimals. As many
 * discordant cases are assumed as were seen, or as the drop itself needs where it is larger.
 *
 * @returns in (0, 1]; `null` when the rule would not even catch that every case fails
 * @throws {StatisticsError} if an argument is outside its range
 */
export function detectableSignificantDrop(
  discordantRate: number,
  pairs: number,
  options: SignificantDropOptions = {},
): number | null {
  const isCaught = (drop: number) =>
    powerSignificantDrop(drop, Math.max(discordantRate, drop), pairs, options) >= POWER;
  if (!isCaught(1)) return null;
  let [missed, caught] = [0, 1];
  for (let round = 0; round < HALVINGS; round++) {
    const middle = (missed + caught) / 2;
    if (isCaught(middle)) caught = middle;
    else missed = middle;
  }
  return caught;
}
