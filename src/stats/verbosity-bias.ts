import { mcnemarExact } from "./mcnemar-exact.js";
import { StatisticsError } from "./statistics-error.js";
import { requireSameLength } from "./validate.js";

/** The winner of a pair, named by length. */
export type LengthVerdict = "longer" | "shorter" | "tie";

/** Whether a judge errs towards long answers. */
export interface VerbosityBias {
  /** Pairs for which people named a winner. */
  readonly n: number;
  /** Pairs where people preferred the shorter answer and the judge the longer. */
  readonly errorsToLonger: number;
  /** Pairs where people preferred the longer answer and the judge the shorter. */
  readonly errorsToShorter: number;
  /** (errorsToLonger - errorsToShorter) / n: above 0 favours length; `null` without pairs. */
  readonly bias: number | null;
  /** Exact two-sided p (McNemar) that both errors are alike; 1 without errors. */
  readonly p: number;
}

/**
 * Verbosity bias against people's labels. Pairs that people called a tie are left out; a judge's tie is no
 * error in either direction.
 *
 * @param judge - the judge's winner of each pair
 * @param gold - people's winner of the same pairs
 * @throws {StatisticsError} if the lengths differ or a verdict is not "longer", "shorter" or "tie"
 * @see Saito et al. 2023, Verbosity Bias in Preference Labeling by Large Language Models
 */
export function verbosityBias(
  judge: readonly LengthVerdict[],
  gold: readonly LengthVerdict[],
): VerbosityBias {
  requireSameLength("judge", judge, "gold", gold);
  for (const verdict of [...judge, ...gold]) {
    if (verdict !== "longer" && verdict !== "shorter" && verdict !== "tie") {
      throw new StatisticsError(`expected verdicts "longer", "shorter" or "tie", found ${String(verdict)}`);
    }
  }
  const n = gold.filter((verdict) => verdict !== "tie").length;
  const errors = (said: LengthVerdict, wanted: LengthVerdict) =>
    judge.filter((verdict, index) => verdict === said && gold[index] === wanted).length;
  const errorsToLonger = errors("longer", "shorter");
  const errorsToShorter = errors("shorter", "longer");
  return {
    n,
    errorsToLonger,
    errorsToShorter,
    bias: n === 0 ? null : (errorsToLonger - errorsToShorter) / n,
    p: mcnemarExact(errorsToLonger, errorsToShorter, "two-sided").p,
  };
}
