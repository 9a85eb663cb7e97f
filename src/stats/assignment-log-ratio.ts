import { StatisticsError } from "./statistics-error.js";
import { requireCount } from "./validate.js";

/** Units of one outcome by the arm that they were assigned to. */
export interface AssignedUnits {
  readonly canary: number;
  readonly baseline: number;
}

/**
 * Evidence that lies in who got whom, among units of one outcome: the logarithm of the likelihood ratio of their
 * assignment, when this outcome is `ratio` times as likely in the canary, against a canary that is no different. Then
 * each unit is the canary's with probability `share`, else with sρ/(sρ + 1 - s).
 *
 * A sum of it over outcomes and times is the logarithm of an e-process that starts at 1: under random assignment with
 * known shares, and a canary that is no different, it ever reaches 1/α with probability at most α. That holds exactly
 * from the first unit on, for outcomes of any kind and traffic that drifts, as long as each ratio was fixed before its
 * units were assigned; the ratios decide about power alone. With failures only it is {@link canaryFailureEProcess}.
 *
 * @param share - the canary's share when they were assigned, in (0, 1)
 * @param ratio - positive; 1 gives 0
 * @throws {StatisticsError} if a count, the share or the ratio is out of range
 * @see Grünwald, de Heide, Koolen 2024, Safe testing, J R Stat Soc B 86(5):1091
 */
export function assignmentLogRatio(units: AssignedUnits, share: number, ratio: number): number {
  requireCount("canary", units.canary);
  requireCount("baseline", units.baseline);
  if (!(share > 0 && share < 1))
    throw new StatisticsError(`expected a share between 0 and 1, found ${share}`);
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) {
    throw new StatisticsError(`expected a positive ratio, found ${ratio}`);
  }
  return units.canary * Math.log(ratio) - (units.canary + units.baseline) * Math.log1p(share * (ratio - 1));
}
