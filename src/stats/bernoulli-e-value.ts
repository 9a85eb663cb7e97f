import { logIncompleteBeta } from "./beta.js";
import { logBinomialTerm } from "./gamma.js";
import { StatisticsError } from "./statistics-error.js";
import { requireSuccesses } from "./validate.js";

/** Shapes a and b of a Beta distribution, both positive; [1, 1] is flat. */
export type BetaPrior = readonly [a: number, b: number];

export interface BernoulliEValueOptions {
  /** The success rate under the null hypothesis, in (0, 1). */
  readonly p0: number;
  /** Where the alternative lies; default "two-sided". */
  readonly alternative?: "greater" | "less" | "two-sided";
  /** Spreads the evidence over the alternative's rates; default [1, 1]. */
  readonly prior?: BetaPrior;
}

/**
 * Natural logarithm of the e-value against a success rate of `p0`: a Beta mixture of likelihood ratios. Under the
 * null the running e-value exceeds 1/α, at any time, with probability at most α, so looking repeatedly is free:
 * reject when the result reaches log(1/α).
 *
 * One-sided, the mixture is cut at `p0`; it then tests rates at or beyond `p0` on the other side as well.
 *
 * @param successes - 0 to `trials`
 * @param trials - trials so far; 0 gives 0
 * @returns log e-value, finite
 * @throws {StatisticsError} if a count, p0, the prior or the alternative is out of range
 * @see Ramdas, Grünwald, Vovk, Shafer 2023, Game-Theoretic Statistics and Safe Anytime-Valid Inference
 */
export function logBernoulliEValue(
  successes: number,
  trials: number,
  options: BernoulliEValueOptions,
): number {
  const { p0, alternative = "two-sided", prior = [1, 1] } = options;
  requireSuccesses(successes, trials);
  requirePrior(prior);
  if (!(p0 > 0 && p0 < 1)) throw new StatisticsError(`expected p0 between 0 and 1, found ${p0}`);
  if (!["greater", "less", "two-sided"].includes(alternative)) {
    throw new StatisticsError(`expected greater, less or two-sided, found ${String(alternative)}`);
  }
  if (trials === 0) return 0;
  const [a, b] = prior;
  const posterior: BetaPrior = [a + successes, b + trials - successes];
  const twoSided = logWeight(prior, p0) - logWeight(posterior, p0);
  if (alternative === "two-sided") return twoSided;
  return twoSided + logBeyond(posterior, p0, alternative) - logBeyond(prior, p0, alternative);
}

/** @throws {StatisticsError} unless both shapes are positive and finite */
export function requirePrior([a, b]: BetaPrior): void {
  if (!(a > 0 && b > 0 && Number.isFinite(a + b))) {
    throw new StatisticsError(`expected a prior of two positive shapes, found ${a} and ${b}`);
  }
}

/**
 * log density of the log-odds of a Beta variable at p. The e-value is prior density over posterior density, which
 * keeps its digits where the beta functions themselves are logarithms in the millions.
 */
function logWeight([a, b]: BetaPrior, p: number): number {
  return logBinomialTerm(a, b, p, 1 - p) + Math.log(a) + Math.log(b / (a + b));
}

function logBeyond([a, b]: BetaPrior, p: number, side: "greater" | "less"): number {
  return side === "greater" ? logIncompleteBeta(b, a, 1 - p, p) : logIncompleteBeta(a, b, p, 1 - p);
}
