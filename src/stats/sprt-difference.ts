import { StatisticsError } from "./statistics-error.js";
import { requireFinite, requireLevel } from "./validate.js";

export interface SprtDifference {
  /** log of the likelihood of a harm of `margin` over that of none. */
  readonly logRatio: number;
  /** `harmless`: a harm of the margin or more is ruled out. `harmful`: no harm is ruled out. `open`: neither. */
  readonly verdict: "harmless" | "harmful" | "open";
}

/**
 * Wald's sequential test of an estimated harm: 0 against `margin`, at any look. By a normal likelihood, so that it is
 * approximate where the estimate is not near normal.
 *
 * The limits are log(beta) and -log(alpha), a little wider than Wald's: each error then keeps its bound by Ville's
 * inequality, however far a look jumps over a limit.
 *
 * @param harm - estimate, positive when worse
 * @param variance - of the estimate, positive
 * @param options.margin - the harm that must be ruled out, positive
 * @param options.alpha - chance of `harmful` without harm, in (0, 1)
 * @param options.beta - chance of `harmless` with a harm of at least the margin, in (0, 1)
 * @throws {StatisticsError} if a number is out of range
 * @see Wald 1945, Ann Math Statist 16(2):117
 */
export function sprtDifference(
  harm: number,
  variance: number,
  { margin, alpha, beta }: { readonly margin: number; readonly alpha: number; readonly beta: number },
): SprtDifference {
  requireFinite("harm", [harm]);
  requireLevel(alpha);
  requireLevel(beta);
  for (const [name, value] of Object.entries({ variance, margin })) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected a positive ${name}, found ${value}`);
    }
  }
  const logRatio = (margin * (harm - margin / 2)) / variance;
  const verdict = logRatio <= Math.log(beta) ? "harmless" : logRatio >= -Math.log(alpha) ? "harmful" : "open";
  return { logRatio, verdict };
}
