import { betaUpperQuantile } from "../../stats/beta.js";
import { logGamma } from "../../stats/gamma.js";
import type { CaseHistory } from "./case-trials.js";

/** What the cases of a suite do: Beta(weight · rate, weight · (1 - rate)) is how their rates are spread. */
export interface SuitePrior {
  /** Share of trials that go against their case's usual outcome, in (0, 0.5]. */
  readonly rate: number;
  /** What the suite weighs beside a case's own history, in trials; positive. */
  readonly weight: number;
}

const WEIGHTS = Array.from({ length: 17 }, (_, index) => 2 ** (index - 4));
/** Half the 95 % quantile of chi-square with one degree of freedom: weights this close to the best are plausible. */
const PLAUSIBLE = 1.92;
const TAIL = 0.05;

/**
 * Trials against the usual outcome that fit a rate of disagreeing pairs: a trial against it with probability q makes a
 * pair disagree with probability 2q(1 - q). No whole number.
 */
export function againstUsual({ rate, trials }: CaseHistory): number {
  return (trials * (1 - Math.sqrt(Math.max(0, 1 - 2 * rate)))) / 2;
}

/**
 * The spread of rates over the cases of a suite, chosen so that a short history never makes a case look calmer than it
 * is: the rate is the upper 95 % limit (Clopper–Pearson) of the pooled one, and the weight the largest that is
 * plausible (profile likelihood of the beta-binomial), since a large weight credits a case least for its own calm.
 *
 * @param histories - of the cases, at least one
 */
export function suitePrior(histories: readonly CaseHistory[]): SuitePrior {
  const cases = histories.map((one) => ({ against: againstUsual(one), trials: one.trials }));
  const against = cases.reduce((sum, one) => sum + one.against, 0);
  const trials = cases.reduce((sum, one) => sum + one.trials, 0);
  const rate = Math.min(0.5, betaUpperQuantile(TAIL, against + 1, trials - against));
  const likelihoods = WEIGHTS.map((weight) =>
    cases.reduce((sum, one) => sum + logLikelihood(one.against, one.trials, weight * rate, weight), 0),
  );
  const best = Math.max(...likelihoods);
  const largest = likelihoods.findLastIndex((likelihood) => likelihood >= best - PLAUSIBLE);
  return { rate, weight: WEIGHTS[largest] as number };
}

/** log of B(a + k, b + n - k) / B(a, b), with weight a + b. */
function logLikelihood(k: number, n: number, a: number, weight: number): number {
  const b = weight - a;
  return (
    logGamma(a + k) -
    logGamma(a) +
    logGamma(b + n - k) -
    logGamma(b) -
    logGamma(weight + n) +
    logGamma(weight)
  );
}
