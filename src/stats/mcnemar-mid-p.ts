import { binomialProbability, binomialUpperTail } from "./binomial.js";
import { type ChangeAlternative, requireChangeAlternative } from "./change-alternative.js";
import type { McNemarTest } from "./mcnemar-exact.js";
import { requireCount } from "./validate.js";

/**
 * Mid-p McNemar test: half of the observed outcome's probability is taken from each tail. For reports: its size is
 * nearer to the level than the exact test's, at the price of exceeding it slightly now and then.
 *
 * @param lost - baseline passed, current failed
 * @param won - current passed, baseline failed
 * @returns two-sided: twice the smaller tail; p = 1 without a discordant pair
 * @throws {StatisticsError} if a number is no count
 * @see Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91
 */
export function mcnemarMidP(lost: number, won: number, alternative: ChangeAlternative): McNemarTest {
  requireCount("lost", lost);
  requireCount("won", won);
  requireChangeAlternative(alternative);
  const discordant = lost + won;
  if (discordant === 0) return { p: 1, discordant };
  if (alternative === "worse") return { p: midTail(lost, discordant), discordant };
  if (alternative === "better") return { p: midTail(won, discordant), discordant };
  return { p: Math.min(1, 2 * midTail(Math.max(lost, won), discordant)), discordant };
}

/** P(X > count) + P(X = count) / 2: adding keeps the digits that P(X >= count) minus a half would lose. */
function midTail(count: number, discordant: number): number {
  return binomialUpperTail(count + 1, discordant, 0.5) + 0.5 * binomialProbability(count, discordant, 0.5);
}
