import { logGamma } from "./gamma.js";
import { StatisticsError } from "./statistics-error.js";
import { requireLevel } from "./validate.js";

/** Counts of outcomes: successes, failures, and trials that gave neither. */
export interface OutcomeCounts {
  readonly successes: number;
  readonly failures: number;
  readonly others: number;
}

/** Shapes of the Dirichlet prior over the three outcomes: most metrics have a value for every trial. */
const PRIOR = { successes: 1, failures: 1, others: 0.1 } as const;

/**
 * Evidence against a composition of a finite population, after some of it was drawn in random order without replacement:
 * natural logarithm of prior over posterior under a Dirichlet-multinomial prior. Of the true composition it exceeds
 * log(1/α) at any time, however often one looks, with probability at most α.
 *
 * @param drawn - what was drawn so far
 * @param population - a composition of the whole, the drawn ones included
 * @returns Infinity for a composition that cannot have given what was drawn
 * @throws {StatisticsError} when a count is no whole number of at least 0
 * @see Waudby-Smith and Ramdas 2020, Confidence sequences for sampling without replacement, NeurIPS 33
 */
export function logPopulationEvidence(drawn: OutcomeCounts, population: OutcomeCounts): number {
  const keys = ["successes", "failures", "others"] as const;
  let n = 0;
  let size = 0;
  let logMarginal = 0;
  let logLikelihood = 0;
  let shapes = 0;
  for (const key of keys) {
    const [count, whole] = [drawn[key], population[key]];
    if (![count, whole].every((one) => Number.isInteger(one) && one >= 0)) {
      throw new StatisticsError(`expected counts of at least 0, found ${count} of ${whole}`);
    }
    if (count > whole) return Number.POSITIVE_INFINITY;
    n += count;
    size += whole;
    shapes += PRIOR[key];
    logMarginal += logGamma(PRIOR[key] + count) - logGamma(PRIOR[key]);
    logLikelihood += logGamma(whole + 1) - logGamma(whole - count + 1);
  }
  logMarginal += logGamma(shapes) - logGamma(shapes + n);
  logLikelihood -= logGamma(size + 1) - logGamma(size - n + 1);
  return logMarginal - logLikelihood;
}

export interface SuccessRange {
  /** Least and largest number of successes in the whole population. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * The numbers of successes of the whole population that are compatible with what was drawn, at all looks together with
 * probability at least 1 - alpha.
 *
 * @param drawn - what was drawn so far
 * @param size - of the population, at least as many as were drawn
 * @param others - how many of the population give neither success nor failure, at least those drawn
 * @param alpha - error probability in (0, 1)
 * @returns `null` when no number of successes is compatible with that many others
 * @throws {StatisticsError} when the counts exceed the size
 */
export function populationSuccesses(
  drawn: OutcomeCounts,
  size: number,
  others: number,
  alpha: number,
): SuccessRange | null {
  requireLevel(alpha);
  const [least, most] = [drawn.successes, size - others - drawn.failures];
  if (most < least || others < drawn.others) {
    throw new StatisticsError(`expected a population of at least what was drawn, found ${size}`);
  }
  const limit = -Math.log(alpha);
  const isCompatible = (successes: number) =>
    logPopulationEvidence(drawn, { successes, failures: size - others - successes, others }) < limit;
  const scored = drawn.successes + drawn.failures;
  const share = scored === 0 ? 0.5 : drawn.successes / scored;
  const likeliest = Math.min(most, Math.max(least, Math.round(share * (size - others))));
  if (!isCompatible(likeliest)) return null;
  return {
    lower: edge(likeliest, least, isCompatible),
    upper: edge(likeliest, most, isCompatible),
  };
}

/** The likelihood of a count falls on both sides of its maximum, so the compatible ones are neighbours. */
function edge(inside: number, end: number, isCompatible: (count: number) => boolean): number {
  if (isCompatible(end)) return end;
  let [within, beyond] = [inside, end];
  while (Math.abs(beyond - within) > 1) {
    const middle = Math.trunc((within + beyond) / 2);
    if (isCompatible(middle)) within = middle;
    else beyond = middle;
  }
  return within;
}
