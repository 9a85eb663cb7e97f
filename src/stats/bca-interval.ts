import { meanOf } from "./mean-interval.js";
import { normalCdf, normalQuantile, normalUpperQuantile } from "./normal.js";
import { quantileOfSorted } from "./quantile.js";
import { StatisticsError } from "./statistics-error.js";
import { requireFinite, requireLevel } from "./validate.js";

export interface BcaInterval {
  readonly lower: number | null;
  readonly upper: number | null;
  /** Bias correction; `null` when it is infinite or nothing varies. */
  readonly z0: number | null;
  /** Acceleration; `null` when nothing varies or a jackknife value does not exist. */
  readonly acceleration: number | null;
  /** `percentile` when the corrections do not exist (all replicates on one side of the estimate). */
  readonly method: "bca" | "percentile";
}

/**
 * Bias-corrected and accelerated bootstrap interval from given replicates.
 *
 * @param theta - the statistic on the data itself
 * @param replicates - the statistic on each resample, at least one
 * @param jackknife - the statistic with each unit (cluster) left out
 * @throws {StatisticsError} on numbers that are not finite, no replicate, or a level outside (0, 1)
 * @see Efron 1987, JASA 82(397):171
 */
export function bcaInterval(
  theta: number,
  replicates: ArrayLike<number>,
  jackknife: ArrayLike<number>,
  level = 0.95,
): BcaInterval {
  requireFinite("theta", [theta]);
  requireFinite("replicates", replicates);
  requireFinite("jackknife", jackknife);
  requireLevel(level);
  if (replicates.length === 0) throw new StatisticsError("expected at least one replicate, found none");
  return bcaOfSorted(theta, Float64Array.from(replicates).sort(), jackknife, level);
}

/**
 * As `bcaInterval`, on replicates already in ascending order; infinite replicates are allowed and a limit
 * that falls among them is `null`.
 */
export function bcaOfSorted(
  theta: number,
  sorted: Float64Array,
  jackknife: ArrayLike<number>,
  level: number,
): BcaInterval {
  const count = sorted.length;
  if (sorted[0] === sorted[count - 1]) {
    return { lower: theta, upper: theta, z0: null, acceleration: null, method: "bca" };
  }
  const z0 = normalQuantile(shareBelow(theta, sorted));
  const acceleration = accelerationOf(jackknife);
  const tail = (1 - level) / 2;
  if (!Number.isFinite(z0) || acceleration === null) {
    return {
      lower: finiteOrNull(quantileOfSorted(sorted, tail)),
      upper: finiteOrNull(quantileOfSorted(sorted, 1 - tail)),
      z0: finiteOrNull(z0),
      acceleration,
      method: "percentile",
    };
  }
  const z = normalUpperQuantile(tail);
  return {
    lower: finiteOrNull(quantileOfSorted(sorted, adjusted(z0 - z, z0, acceleration))),
    upper: finiteOrNull(quantileOfSorted(sorted, adjusted(z0 + z, z0, acceleration))),
    z0,
    acceleration,
    method: "bca",
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Share of the replicates below theta, ties counted half. */
function shareBelow(theta: number, sorted: Float64Array): number {
  let below = 0;
  let equal = 0;
  for (const replicate of sorted) {
    if (replicate < theta) below++;
    else if (replicate === theta) equal++;
    else break;
  }
  return (below + equal / 2) / sorted.length;
}

/** Skewness of the jackknife values over 6; 0 when they are all equal. */
function accelerationOf(jackknife: ArrayLike<number>): number | null {
  if (jackknife.length === 0) return 0;
  const mean = meanOf(jackknife);
  if (!Number.isFinite(mean)) return null;
  let squares = 0;
  let cubes = 0;
  for (let index = 0; index < jackknife.length; index++) {
    const distance = mean - jackknife[index]!;
    squares += distance ** 2;
    cubes += distance ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** The percentile to read instead of the nominal one; past the pole of the formula it is the extreme one. */
function adjusted(shifted: number, z0: number, acceleration: number): number {
  const denominator = 1 - acceleration * shifted;
  if (denominator <= 0) return shifted > 0 ? 1 : 0;
  return normalCdf(z0 + shifted / denominator);
}
