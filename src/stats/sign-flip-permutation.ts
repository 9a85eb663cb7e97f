import type { Alternative } from "./alternative.js";
import { meanOf } from "./mean-interval.js";
import { SeededRandom } from "./random.js";
import { StatisticsError } from "./statistics-error.js";
import { requireCount, requireFinite } from "./validate.js";

/** `auto` enumerates up to this many differences that are not zero. */
const AUTO_EXACT_UP_TO = 16;
/** Half of the signs at a time: 2^20 sums each. */
const EXACT_UP_TO = 40;
const LEAST_FLIPS = 10_000;
/** Sums that differ by rounding alone count as equal. */
const ROUNDING = 1e-12;

export interface SignFlipOptions {
  readonly alternative?: Alternative;
  /** `auto` (default): exact up to 16 differences that are not zero. `exact` is possible up to 40. */
  readonly method?: "auto" | "exact" | "monte-carlo";
  /** Of the Monte Carlo method, stored with the result; default 1. */
  readonly seed?: number;
  /** Random sign patterns, at least 10,000 (the default). */
  readonly flips?: number;
}

export interface SignFlipPermutation {
  /** Mean difference; `null` without data, as p. */
  readonly mean: number | null;
  readonly p: number | null;
  readonly method: "exact" | "monte-carlo";
  /** `null` for the exact method, which needs none. */
  readonly seed: number | null;
  /** Random sign patterns drawn; `null` for the exact method. */
  readonly flips: number | null;
}

/**
 * Permutation test that the mean of paired differences is zero, by flipping their signs. The Monte Carlo p is
 * (1 + hits)/(1 + flips), so it is never 0 and the test keeps its level.
 *
 * @param differences - current minus baseline, one for each independent pair (reduce trials to a mean a case first)
 * @returns p = 1 when every difference is zero (one-sided too)
 * @throws {StatisticsError} on a difference that is not finite, fewer than 10,000 flips, or `exact` with more than
 *   40 differences that are not zero
 * @see Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9(1):39
 */
export function signFlipPermutation(
  differences: ArrayLike<number>,
  options: SignFlipOptions = {},
): SignFlipPermutation {
  const { alternative = "two-sided", method = "auto", seed = 1, flips = LEAST_FLIPS } = options;
  requireFinite("differences", differences);
  requireCount("flips", flips, LEAST_FLIPS);
  const nonZero = Float64Array.from(differences).filter((difference) => difference !== 0);
  const n = nonZero.length;
  const isExact = method === "exact" || (method === "auto" && n <= AUTO_EXACT_UP_TO);
  const about = isExact
    ? ({ method: "exact", seed: null, flips: null } as const)
    : ({ method: "monte-carlo", seed, flips } as const);
  if (differences.length === 0) return { mean: null, p: null, ...about };
  const mean = meanOf(differences);
  const sum = nonZero.reduce((total, difference) => total + difference, 0);
  const slack = ROUNDING * nonZero.reduce((total, difference) => total + Math.abs(difference), 0);
  const reached = thresholdOf(alternative, sum);
  if (alternative === "two-sided" && reached <= slack) return { mean, p: 1, ...about };
  const share = isExact
    ? exactShare(nonZero, reached - slack)
    : randomShare(nonZero, reached - slack, alternative === "two-sided", new SeededRandom(seed), flips);
  return { mean, p: isExact && alternative === "two-sided" ? Math.min(1, 2 * share) : share, ...about };
}

/** What a sum must reach: the distribution is symmetric, so every alternative looks at the upper end. */
function thresholdOf(alternative: Alternative, sum: number): number {
  switch (alternative) {
    case "two-sided":
      return Math.abs(sum);
    case "greater":
      return sum;
    case "less":
      return -sum;
    default:
      throw new StatisticsError(
        `expected the alternative to be two-sided, greater or less, found ${String(alternative satisfies never)}`,
      );
  }
}

/** Share of all sign patterns whose sum is at least `least`: the sorted sums of two halves meet in the middle. */
function exactShare(values: Float64Array, least: number): number {
  const n = values.length;
  if (n > EXACT_UP_TO) {
    throw new StatisticsError(
      `expected at most ${EXACT_UP_TO} differences for the exact method, found ${n}; use method monte-carlo`,
    );
  }
  const middle = n >> 1;
  const left = signedSums(values.subarray(0, middle));
  const right = signedSums(values.subarray(middle));
  let hits = 0;
  let start = right.length;
  for (const sum of left) {
    while (start > 0 && sum + right[start - 1]! >= least) start--;
    hits += right.length - start;
  }
  return hits / 2 ** n;
}

/** All sums of the values under every choice of signs, ascending. */
function signedSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  let filled = 1;
  for (const value of values) {
    for (let index = 0; index < filled; index++) {
      const sum = sums[index]!;
      sums[index] = sum - value;
      sums[filled + index] = sum + value;
    }
    filled *= 2;
  }
  return sums.sort();
}

function randomShare(
  values: Float64Array,
  least: number,
  isTwoSided: boolean,
  random: SeededRandom,
  flips: number,
): number {
  let hits = 0;
  for (let flip = 0; flip < flips; flip++) {
    let sum = 0;
    let signs = 0;
    for (let index = 0; index < values.length; index++) {
      signs = index % 32 === 0 ? random.nextUint32() : signs >>> 1;
      sum += (signs & 1) === 1 ? values[index]! : -values[index]!;
    }
    if ((isTwoSided ? Math.abs(sum) : sum) >= least) hits++;
  }
  return (1 + hits) / (1 + flips);
}
