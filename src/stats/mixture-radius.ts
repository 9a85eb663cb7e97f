import { StatisticsError } from "./statistics-error.js";
import { requireFinite, requireLevel } from "./validate.js";

/**
 * Half the width of a confidence sequence by a normal mixture: with probability at least 1 - alpha an estimate of normal
 * error stays this close to the truth at all looks at once. With a variance that is itself estimated it is asymptotic.
 *
 * @param variance - of the estimate, positive
 * @param options.tightAt - variance of the estimate at which the limits should be tight, positive
 * @param options.alpha - two-sided, in (0, 1); for one limit alone give twice the error probability
 * @throws {StatisticsError} if a variance is not positive or alpha is out of range
 * @see Howard, Ramdas, McAuliffe, Sekhon 2021, Ann Statist 49(2):1055; Waudby-Smith et al. 2024, Ann Statist 52(6):2613
 */
export function mixtureRadius(
  variance: number,
  { tightAt, alpha }: { readonly tightAt: number; readonly alpha: number },
): number {
  requireFinite("variance", [variance, tightAt]);
  requireLevel(alpha);
  if (!(variance > 0 && tightAt > 0)) {
    throw new StatisticsError(`expected positive variances, found ${variance} and ${tightAt}`);
  }
  const information = 1 / variance;
  const prior = 1 / (8 * tightAt);
  return (
    Math.sqrt((information + prior) * Math.log((information + prior) / (prior * alpha ** 2))) / information
  );
}
