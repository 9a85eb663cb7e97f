import { StatisticsError } from "./statistics-error.js";
import { requireFinite } from "./validate.js";

export interface MsprtOptions {
  /** Variance of one value, positive. It must be known: with an estimate the test is only approximately valid. */
  readonly variance: number;
  /** Variance of the normal mixture over alternatives, positive: about the squared effect worth finding. */
  readonly mixingVariance: number;
  /** Mean under the null hypothesis; default 0. */
  readonly mean?: number;
}

/**
 * Mixture sequential probability ratio test of a normal mean, two-sided.
 *
 * @returns the always-valid p-value after each value: in [0, 1], never rising
 * @throws {StatisticsError} if a value is not finite or a variance not positive
 * @see Johari, Koomen, Pekelis, Walsh 2022, Oper Res 70(3):1806
 */
export function msprtNormal(values: readonly number[], options: MsprtOptions): number[] {
  const { variance, mixingVariance, mean = 0 } = options;
  requireFinite("values", values);
  requireFinite("mean", [mean]);
  for (const [name, value] of Object.entries({ variance, mixingVariance })) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected a positive ${name}, found ${value}`);
    }
  }
  let sum = 0;
  let p = 1;
  return values.map((value, index) => {
    sum += value - mean;
    const spread = variance + (index + 1) * mixingVariance;
    const logRatio =
      0.5 * Math.log(variance / spread) + ((mixingVariance / spread) * (sum / variance) * sum) / 2;
    p = Math.min(p, Math.exp(-logRatio));
    return p;
  });
}
