import { StatisticsError } from "./statistics-error.js";
import { requireFinite } from "./validate.js";

export interface EwmaOptions {
  /** The mean in control; the average starts there. */
  readonly target: number;
  /** Standard deviation of one value in control, at least 0. */
  readonly sd: number;
  /** Weight of the newest value, in (0, 1]. */
  readonly weight: number;
  /** Width of the limits in standard deviations of the average, at least 0; usually 2.7 to 3. */
  readonly width: number;
}

export interface Ewma {
  /** The average after each value. */
  readonly average: readonly number[];
  readonly upperLimit: readonly number[];
  readonly lowerLimit: readonly number[];
  /** 0-based index of the first average strictly outside its limits; `null` if none. */
  readonly firstSignal: number | null;
}

/**
 * Exponentially weighted moving average chart with exact, time-varying limits.
 *
 * @throws {StatisticsError} if a value is not finite or an option out of range
 * @see Roberts 1959, Technometrics 1(3):239; Lucas and Saccucci 1990, Technometrics 32(1):1
 */
export function ewma(values: readonly number[], options: EwmaOptions): Ewma {
  const { target, weight } = options;
  requireFinite("values", values);
  requireOptions(options);
  let current = target;
  // z + λ(x - z) stays exactly on target for values on target; λx + (1 - λ)z drifts by rounding.
  const average = values.map((value) => {
    current += weight * (value - current);
    return current;
  });
  const reach = values.map((_, index) => {
    const settled = -Math.expm1(2 * (index + 1) * Math.log1p(-weight));
    return options.width * options.sd * Math.sqrt((weight / (2 - weight)) * settled);
  });
  const upperLimit = reach.map((half) => target + half);
  const lowerLimit = reach.map((half) => target - half);
  const first = average.findIndex(
    (value, index) => value > (upperLimit[index] ?? target) || value < (lowerLimit[index] ?? target),
  );
  return { average, upperLimit, lowerLimit, firstSignal: first === -1 ? null : first };
}

function requireOptions({ target, sd, weight, width }: EwmaOptions): void {
  requireFinite("target", [target]);
  for (const [name, value] of Object.entries({ sd, width })) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new StatisticsError(`expected ${name} to be at least 0, found ${value}`);
    }
  }
  if (!(weight > 0 && weight <= 1)) {
    throw new StatisticsError(`expected a weight in (0, 1], found ${weight}`);
  }
}
