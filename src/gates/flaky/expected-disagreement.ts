import { logGamma } from "../../stats/gamma.js";
import type { CaseHistory } from "./case-trials.js";

/** Trials of a case in earlier runs. */
interface Counts {
  /** Those that went against the usual outcome of the case; no whole number. */
  readonly against: number;
  readonly trials: number;
}

/** Shapes of the beta distribution of the share of trials that go against the usual outcome of a case. */
export type BetaShapes = readonly [against: number, along: number];

const WEIGHTS = Array.from({ length: 17 }, (_, index) => 2 ** (index - 4));
/** Half the 95 % quantile of chi-square with one degree of freedom: weights this close to the best are plausible. */
const PLAUSIBLE = 1.92;
/** Jeffreys' prior: half a trial on either side. */
const HALF = 0.5;

/**
 * What the history of each case, and of the suite around it, lets expect of its next trials.
 *
 * The other cases are the prior of a case: their pooled rate, with a weight that says how alike cases are. The weight is
 * the largest that is plausible (profile likelihood of the beta-binomial), since a small one credits a case with its own
 * calm, and at most what the others' trials are: when all cases are alike this is the posterior of one pooled rate from
 * Jeffreys' prior, and of a case alone that of its own rate.
 *
 * @param histories - of the cases
 * @returns shapes in the order given
 */
export function expectedDisagreement(histories: readonly CaseHistory[]): BetaShapes[] {
  const cases = histories.map((one) => ({ against: againstUsual(one), trials: one.trials }));
  const all = {
    against: cases.reduce((sum, one) => sum + one.against, 0),
    trials: cases.reduce((sum, one) => sum + one.trials, 0),
  };
  const plausible = largestPlausibleWeight(cases, jeffreysRate(all));
  return cases.map((own) => {
    const others = { against: all.against - own.against, trials: all.trials - own.trials };
    const rate = jeffreysRate(others);
    const weight = Math.min(plausible, others.trials + 2 * HALF);
    return [weight * rate + own.against, weight * (1 - rate) + own.trials - own.against];
  });
}

/** A trial against the usual outcome with probability q makes a pair disagree with probability 2q(1 - q). */
function againstUsual({ rate, trials }: CaseHistory): number {
  return (trials * (1 - Math.sqrt(Math.max(0, 1 - 2 * rate)))) / 2;
}

function jeffreysRate({ against, trials }: Counts): number {
  return (Math.max(0, against) + HALF) / (trials + 2 * HALF);
}

function largestPlausibleWeight(cases: readonly Counts[], rate: number): number {
  const likelihoods = WEIGHTS.map((weight) =>
    cases.reduce((sum, one) => sum + logLikelihood(one, weight * rate, weight * (1 - rate)), 0),
  );
  const best = Math.max(...likelihoods);
  return WEIGHTS[likelihoods.findLastIndex((likelihood) => likelihood >= best - PLAUSIBLE)] as number;
}

/** log of B(a + k, b + n - k) / B(a, b). */
function logLikelihood({ against, trials }: Counts, a: number, b: number): number {
  return logBeta(a + against, b + trials - against) - logBeta(a, b);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
