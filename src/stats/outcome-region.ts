import { binomialProbability } from "./binomial.js";

const NEGLIGIBLE = 1e-300;

/**
 * All outcomes of two arms whose pooled z is at most the observed, negative one. For each count of the first arm
 * they are the counts of the second up to a limit, and the limit grows with the first count, because the pooled z
 * falls with the first and rises with the second.
 */
export class OutcomeRegion {
  private readonly limits: Int32Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;

  constructor(firstTrials: number, secondTrials: number, firstSuccesses: number, secondSuccesses: number) {
    const trials = firstTrials + secondTrials;
    // A square over a whole number: outcomes with equal z give equal doubles, so ties need no slack.
    const score = (a: number, b: number) => {
      const difference = b * firstTrials - a * secondTrials;
      const successes = a + b;
      const spread = successes * (trials - successes);
      return spread === 0 ? 0 : (difference * Math.abs(difference)) / spread;
    };
    const threshold = score(firstSuccesses, secondSuccesses);
    this.limits = new Int32Array(firstTrials + 1);
    this.first = new Float64Array(firstTrials + 1);
    this.second = new Float64Array(secondTrials + 1);
    let limit = -1;
    for (let a = 0; a <= firstTrials; a++) {
      while (limit < secondTrials && score(a, limit + 1) <= threshold) limit++;
      this.limits[a] = limit;
    }
  }

  /** Probability of the region when both arms pass at `rate`, in (0, 1). */
  probability(rate: number): number {
    const [firstFrom, firstTo] = fillBinomial(this.first, rate);
    const [secondFrom, secondTo] = fillBinomial(this.second, rate);
    let sum = 0;
    let cumulative = 0;
    let next = secondFrom;
    for (let a = firstFrom; a <= firstTo; a++) {
      const limit = Math.min(this.limits[a]!, secondTo);
      for (; next <= limit; next++) cumulative += this.second[next]!;
      sum += this.first[a]! * cumulative;
    }
    return sum;
  }
}

/** Writes the binomial probabilities that matter, outwards from the mode; returns the first and last count written. */
function fillBinomial(target: Float64Array, rate: number): [number, number] {
  const trials = target.length - 1;
  const odds = rate / (1 - rate);
  const mode = Math.min(trials, Math.floor((trials + 1) * rate));
  const peak = binomialProbability(mode, trials, rate);
  target[mode] = peak;
  let to = mode;
  for (let term = peak; to < trials; to++) {
    term *= ((trials - to) / (to + 1)) * odds;
    if (term < NEGLIGIBLE) break;
    target[to + 1] = term;
  }
  let from = mode;
  for (let term = peak; from > 0; from--) {
    term *= from / ((trials - from + 1) * odds);
    if (term < NEGLIGIBLE) break;
    target[from - 1] = term;
  }
  return [from, to];
}
