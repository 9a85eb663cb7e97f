import { type Alternative, continuityShift, tailOf } from "./alternative.js";
import { midranks } from "./midranks.js";
import { normalCdf, normalUpperTail } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { requireFinite } from "./validate.js";

/** `auto` is exact up to this many differences that are not zero. */
const AUTO_EXACT_UP_TO = 50;
/** The exact distribution takes n^3 steps, and 2^-n must not vanish. */
const EXACT_UP_TO = 1000;

export interface WilcoxonOptions {
  readonly alternative?: Alternative;
  /** `auto` (default): exact up to 50 differences that are not zero. `exact` is possible up to 1,000. */
  readonly method?: "auto" | "exact" | "approx";
  /** Correction of 1/2 in the normal approximation, default on. */
  readonly continuity?: boolean;
}

export interface WilcoxonSignedRank {
  /** Sum of the ranks of the positive differences. */
  readonly wPlus: number;
  readonly nonZero: number;
  /** Of the normal approximation; `null` for the exact method and without data. */
  readonly z: number | null;
  /** `null` without data; 1 when every difference is zero. */
  readonly p: number | null;
  readonly method: "exact" | "approx";
}

/**
 * Wilcoxon's signed-rank test that paired differences lie symmetrically about zero. Zeros are dropped and ties
 * share their mean rank; the exact method uses the sign-flip distribution of those midranks, ties included.
 *
 * @param differences - current minus baseline, one for each independent pair (reduce trials to a mean a case first)
 * @throws {StatisticsError} on a difference that is not finite, or `exact` with more than 1,000 non-zero
 * @see Wilcoxon 1945, Biometrics Bulletin 1(6):80; Pratt and Gibbons 1981 for the ties
 */
export function wilcoxonSignedRank(
  differences: ArrayLike<number>,
  options: WilcoxonOptions = {},
): WilcoxonSignedRank {
  const { alternative = "two-sided", method = "auto", continuity = true } = options;
  requireFinite("differences", differences);
  const nonZero = Array.from(differences).filter((difference) => difference !== 0);
  const n = nonZero.length;
  const isExact = method === "exact" || (method === "auto" && n <= AUTO_EXACT_UP_TO);
  const chosen = isExact ? "exact" : "approx";
  if (n === 0) {
    const isEmpty = differences.length === 0;
    const z = isEmpty || isExact ? null : 0;
    return { wPlus: 0, nonZero: 0, z, p: isEmpty ? null : tailOf(alternative, 1, 1), method: chosen };
  }
  const { ranks, tieSum } = midranks(nonZero.map(Math.abs));
  let wPlus = 0;
  for (let index = 0; index < n; index++) if (nonZero[index]! > 0) wPlus += ranks[index]!;
  if (isExact) {
    const { lower, upper } = exactTails(ranks, wPlus);
    return { wPlus, nonZero: n, z: null, p: tailOf(alternative, lower, upper), method: "exact" };
  }
  const distance = wPlus - (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieSum / 48;
  const z = (distance - (continuity ? continuityShift(alternative, distance) : 0)) / Math.sqrt(variance);
  return { wPlus, nonZero: n, z, p: tailOf(alternative, normalCdf(z), normalUpperTail(z)), method: "approx" };
}

/** P(W <= w) and P(W >= w) when each rank counts with probability 1/2. Doubled midranks are whole numbers. */
function exactTails(ranks: Float64Array, wPlus: number): { readonly lower: number; readonly upper: number } {
  const n = ranks.length;
  if (n > EXACT_UP_TO) {
    throw new StatisticsError(
      `expected at most ${EXACT_UP_TO} differences for the exact method, found ${n}; use method approx`,
    );
  }
  const doubled = 2 * wPlus;
  const mirrored = n * (n + 1) - doubled;
  const near = Math.min(doubled, mirrored);
  const probability = new Float64Array(near + 1);
  probability[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    const step = 2 * rank;
    reach = Math.min(near, reach + step);
    for (let sum = reach; sum >= step; sum--) {
      probability[sum] = (probability[sum]! + probability[sum - step]!) / 2;
    }
    for (let sum = Math.min(reach, step - 1); sum >= 0; sum--) probability[sum]! /= 2;
  }
  let below = 0;
  for (let sum = 0; sum < near; sum++) below += probability[sum]!;
  const small = below + probability[near]!;
  const large = 1 - below;
  return doubled <= mirrored ? { lower: small, upper: large } : { lower: large, upper: small };
}
