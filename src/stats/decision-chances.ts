import { binomialProbability, binomialQuantile } from "./binomial.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireProbability } from "./validate.js";

/** Chance of each verdict; they sum to 1 up to what was left out: below 1e-12. */
export type DecisionChances<Verdict extends string> = { readonly [Name in Verdict]?: number };

/** Each tail that is left out of a sum holds less than this. */
const NEGLIGIBLE = 1e-14;

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
  const [first, last] = rangeOf(n, rate);
  for (let passed = first; passed <= last; passed++) {
    add(chances, verdictOf(passed), binomialProbability(passed, n, rate));
  }
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
  const [first, last] = rangeOf(n, capped);
  for (let discordant = first; discordant <= last; discordant++) {
    const chance = binomialProbability(discordant, n, capped);
    const [least, most] = rangeOf(discordant, lostShare);
    for (let lost = least; lost <= most; lost++) {
      const verdict = verdictOf(lost, discordant - lost);
      add(chances, verdict, chance * binomialProbability(lost, discordant, lostShare));
    }
  }
  return chances;
}

function rangeOf(n: number, rate: number): readonly [first: number, last: number] {
  return [binomialQuantile(NEGLIGIBLE, n, rate), n - binomialQuantile(NEGLIGIBLE, n, 1 - rate)];
}

function add<Verdict extends string>(
  chances: { [Name in Verdict]?: number },
  verdict: Verdict,
  chance: number,
): void {
  chances[verdict] = (chances[verdict] ?? 0) + chance;
}
