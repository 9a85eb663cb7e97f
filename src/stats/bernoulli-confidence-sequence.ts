import { type BetaPrior, logBernoulliEValue, requirePrior } from "./bernoulli-e-value.js";
import type { Interval } from "./interval.js";
import { requireLevel, requireSuccesses } from "./validate.js";

/**
 * Confidence sequence for a success rate: with probability at least 1 - alpha the true rate lies within the limits
 * at all times at once, however often one looks. Wider than a fixed-n interval for that reason.
 *
 * The rates whose two-sided e-value is below 1/alpha, found by bisection.
 *
 * @param successes - 0 to `trials`
 * @param trials - trials so far; 0 gives estimate `null` and limits [0, 1]
 * @param options.alpha - error probability in (0, 1), default 0.05
 * @param options.prior - shapes of the Beta mixture, default [1, 1]
 * @returns proportions in [0, 1]
 * @throws {StatisticsError} if a count, alpha or the prior is out of range
 * @see Howard, Ramdas, McAuliffe, Sekhon 2021, Ann Statist 49(2):1055
 */
export function bernoulliConfidenceSequence(
  successes: number,
  trials: number,
  options: { readonly alpha?: number; readonly prior?: BetaPrior } = {},
): Interval {
  const { alpha = 0.05, prior = [1, 1] } = options;
  requireSuccesses(successes, trials);
  requireLevel(alpha);
  requirePrior(prior);
  if (trials === 0) return { estimate: null, lower: 0, upper: 1 };
  const [a, b] = prior;
  return {
    estimate: successes / trials,
    lower: lowerLimit(successes, trials, alpha, prior),
    upper: 1 - lowerLimit(trials - successes, trials, alpha, [b, a]),
  };
}

/** The e-value falls from infinity at 0 to at most 1 at the observed rate, so there is one root in between. */
function lowerLimit(successes: number, trials: number, alpha: number, prior: BetaPrior): number {
  if (successes === 0) return 0;
  const threshold = -Math.log(alpha);
  let outside = 0;
  let inside = successes / trials;
  for (;;) {
    const middle = outside + (inside - outside) / 2;
    if (middle <= outside || middle >= inside) return inside;
    if (logBernoulliEValue(successes, trials, { p0: middle, prior }) >= threshold) outside = middle;
    else inside = middle;
  }
}
