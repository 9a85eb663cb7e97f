import { binomialProbability } from "./binomial.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireProbability } from "./validate.js";

/** Chance of each verdict; they sum to 1 up to what was left out: below 1e-12. */
export type DecisionChances<Verdict extends string> = { readonly [Name in Verdict]?: number };

/** Single probabilities below this are left out; beyond them they fall faster than geometrically. */
const NEGLIGIBLE = 1e-18;

/**
 * Exact chance of each verdict of a rule on one count of passes: the sum of binomial probabilities over the counts
 * that get it.
 *
 * @param rate - true pass rate, in [0, 1]
 * @param verdictOf - the rule, asked once for each count whose probability is not negligible
 * @throws {StatisticsError} if n is no count or the rate lies outside [0, 1]
 */
export function binomialDecisionChances<Verdict extends string>(
  n: number,
  rate: number,
  verdictOf: (passed: number) => Verdict,
): DecisionChances<Verdict> {
  requireCount("n", n);
  requireProbability("rate", rate);
  const chances: { [Name in Verdict]?: number } = {};
  eachProbability(n, rate, (passed, chance) => add(chances, verdictOf(passed), chance));
  return chances;
}

/**
 * Exact chance of each verdict of a rule on paired outcomes that looks at the lost and the won cases alone: the sum of
 * trinomial probabilities. The number of discordant pairs is binomial, and the lost ones among them are again.
 *
 * @param lostRate - chance that the baseline alone passes a case, in [0, 1]
 * @param wonRate - chance that the candidate alone passes it, in [0, 1]
 * @param verdictOf - the rule, asked once for each pair of counts whose probability is not negligible
 * @throws {StatisticsError} if n is no count, a rate lies outside [0, 1], or their sum exceeds 1
 */
export function pairedDecisionChances<Verdict extends string>(
  n: number,
  lostRate: number,
  wonRate: number,
  verdictOf: (lost: number, won: number) => Verdict,
): DecisionChances<Verdict> {
  requireCount("n", n);
  requireProbability("lostRate", lostRate);
  requireProbability("wonRate", wonRate);
  const discordantRate = lostRate + wonRate;
  if (discordantRate > 1 + Number.EPSILON) {
    throw new StatisticsError(`expected discordant rates that sum to at most 1, found ${discordantRate}`);
  }
  const chances: { [Name in Verdict]?: number } = {};
  const capped = Math.min(1, discordantRate);
  const lostShare = discordantRate === 0 ? 0 : Math.min(1, lostRate / discordantRate);
  eachProbability(n, capped, (discordant, chance) => {
    eachProbability(discordant, lostShare, (lost, share) => {
      add(chances, verdictOf(lost, discordant - lost), chance * share);
    });
  });
  return chances;
}

/** The binomial probabilities that are not negligible, from the largest downwards on either side. */
function eachProbability(n: number, rate: number, use: (count: number, chance: number) => void): void {
  const mode = Math.min(n, Math.floor((n + 1) * rate));
  const most = binomialProbability(mode, n, rate);
  use(mode, most);
  const odds = rate / (1 - rate);
  let chance = most;
  for (let count = mode + 1; count <= n && chance > NEGLIGIBLE; count++) {
    chance *= ((n - count + 1) / count) * odds;
    use(count, chance);
  }
  chance = most;
  for (let count = mode - 1; count >= 0 && chance > NEGLIGIBLE; count--) {
    chance *= (count + 1) / (n - count) / odds;
    use(count, chance);
  }
}

function add<Verdict extends string>(
  chances: { [Name in Verdict]?: number },
  verdict: Verdict,
  chance: number,
): void {
  chances[verdict] = (chances[verdict] ?? 0) + chance;
}
