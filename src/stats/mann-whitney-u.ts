import { type Alternative, continuityShift, tailOf } from "./alternative.js";
import { ascending } from "./ascending.js";
import { mannWhitneyTails, type TiedGroup } from "./mann-whitney-distribution.js";
import { normalCdf, normalUpperTail } from "./normal.js";
import { requireFinite } from "./validate.js";

/** `auto` is exact when one sample has at most this many values and none are equal. */
const AUTO_EXACT_UP_TO = 8;

export interface MannWhitneyOptions {
  readonly alternative?: Alternative;
  /** `auto` (default): exact without ties when either sample has at most 8 values. */
  readonly method?: "auto" | "exact" | "asymptotic";
  /** Correction of 1/2 in the normal approximation, default on. */
  readonly continuity?: boolean;
}

export interface MannWhitneyU {
  /** Pairs with x > y plus half the pairs that tie; `null` if a sample is empty, as is every number here. */
  readonly u: number | null;
  /** P(x > y) + P(x = y)/2, in [0, 1]. */
  readonly auc: number | null;
  /** P(x > y) - P(x < y), in [-1, 1]. */
  readonly cliffsDelta: number | null;
  /** Of the normal approximation; `null` for the exact method. */
  readonly z: number | null;
  readonly p: number | null;
  readonly method: "exact" | "asymptotic";
}

/**
 * Mann-Whitney's U test that two independent samples, such as latencies, come from one distribution, with
 * tie-corrected variance. Exact with ties is the permutation distribution given the ties.
 *
 * @param x - finite numbers; `greater` means that these tend to be larger
 * @param y - finite numbers
 * @returns p = 1 when all values are equal
 * @throws {StatisticsError} on a value that is not finite, or `exact` on samples too large for it
 * @see Mann and Whitney 1947, Annals of Mathematical Statistics 18(1):50; Cliff 1993, Psychological Bulletin 114:494
 */
export function mannWhitneyU(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: MannWhitneyOptions = {},
): MannWhitneyU {
  const { alternative = "two-sided", method = "auto", continuity = true } = options;
  requireFinite("x", x);
  requireFinite("y", y);
  const [m, n] = [x.length, y.length];
  const pairs = m * n;
  const groups = tiedGroups(x, y);
  const hasTies = groups.length < m + n;
  const isExact = method === "exact" || (method === "auto" && !hasTies && Math.min(m, n) <= AUTO_EXACT_UP_TO);
  if (pairs === 0) {
    const none = { u: null, auc: null, cliffsDelta: null, z: null, p: null };
    return { ...none, method: isExact ? "exact" : "asymptotic" };
  }
  const u = greaterPairs(groups);
  const about = { u, auc: u / pairs, cliffsDelta: (2 * u - pairs) / pairs };
  if (isExact) {
    const { lower, upper } = mannWhitneyTails(m, n, u, hasTies ? groups : null);
    return { ...about, z: null, p: tailOf(alternative, lower, upper), method: "exact" };
  }
  if (groups.length === 1) return { ...about, z: 0, p: tailOf(alternative, 1, 1), method: "asymptotic" };
  const distance = u - pairs / 2;
  const shift = continuity ? continuityShift(alternative, distance) : 0;
  const z = (distance - shift) / Math.sqrt(varianceOf(m, n, groups));
  return { ...about, z, p: tailOf(alternative, normalCdf(z), normalUpperTail(z)), method: "asymptotic" };
}

/** Distinct values in ascending order with how often each sample holds them. */
function tiedGroups(x: ArrayLike<number>, y: ArrayLike<number>): readonly TiedGroup[] {
  const xs = ascending(x);
  const ys = ascending(y);
  const groups: TiedGroup[] = [];
  for (let i = 0, j = 0; i < xs.length || j < ys.length; ) {
    const value = Math.min(xs[i] ?? Number.POSITIVE_INFINITY, ys[j] ?? Number.POSITIVE_INFINITY);
    const [startX, startY] = [i, j];
    while (xs[i] === value) i++;
    while (ys[j] === value) j++;
    groups.push({ ofX: i - startX, ofY: j - startY });
  }
  return groups;
}

function greaterPairs(groups: readonly TiedGroup[]): number {
  let u = 0;
  let below = 0;
  for (const { ofX, ofY } of groups) {
    u += ofX * (below + ofY / 2);
    below += ofY;
  }
  return u;
}

function varianceOf(m: number, n: number, groups: readonly TiedGroup[]): number {
  const total = m + n;
  let tieSum = 0;
  for (const { ofX, ofY } of groups) {
    const size = ofX + ofY;
    tieSum += size * (size * size - 1);
  }
  return ((m * n) / 12) * (total + 1 - tieSum / total / (total - 1));
}
