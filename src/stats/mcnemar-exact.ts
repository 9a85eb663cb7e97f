import { binomialUpperTail } from "./binomial.js";
import { type ChangeAlternative, requireChangeAlternative } from "./change-alternative.js";
import { requireCount } from "./validate.js";

export interface McNemarTest {
  readonly p: number;
  /** Pairs in which the two versions differ; the others carry no information. */
  readonly discordant: number;
}

/**
 * Exact McNemar test of the same cases under two versions: the lost cases against Binomial(lost + won, ½). For
 * gates: its size never exceeds the level.
 *
 * @param lost - baseline passed, current failed
 * @param won - current passed, baseline failed
 * @returns p = 1 without a discordant pair
 * @throws {StatisticsError} if a number is no count
 * @see McNemar 1947, Psychometrika 12(2):153
 */
export function mcnemarExact(lost: number, won: number, alternative: ChangeAlternative): McNemarTest {
  requireCount("lost", lost);
  requireCount("won", won);
  requireChangeAlternative(alternative);
  const discordant = lost + won;
  if (alternative === "worse") return { p: binomialUpperTail(lost, discordant, 0.5), discordant };
  if (alternative === "better") return { p: binomialUpperTail(won, discordant, 0.5), discordant };
  const tail = binomialUpperTail(Math.max(lost, won), discordant, 0.5);
  return { p: Math.min(1, 2 * tail), discordant };
}
