import { type BcaInterval, bcaOfSorted } from "./bca-interval.js";
import { snapTo } from "./cluster-resampling.js";
import { cohenKappa, type KappaWeights } from "./cohen-kappa.js";
import type { Label } from "./contingency-table.js";
import { type KappaCells, kappaCells, kappaDifferenceOf } from "./kappa-cells.js";
import { kappaSwapTest } from "./kappa-swap-test.js";
import { SeededRandom } from "./random.js";
import { requireCount, requireLevel } from "./validate.js";

export interface KappaDifferenceOptions {
  /** All categories in order, as for `cohenKappa`. */
  readonly categories: readonly Label[];
  /** Default "none". */
  readonly weights?: KappaWeights;
  /** Confidence in (0, 1), default 0.95. */
  readonly level?: number;
  /** Of the bootstrap, and of the swaps where they are drawn; default 10,000. */
  readonly resamples?: number;
  /** Stored with the result: the same seed and data give the same figures on every machine. */
  readonly seed: number;
}

/** Two raters held against the same truth on the same items. `null`: not defined for this data. */
export interface KappaDifference {
  /** kappa(a, b1). */
  readonly kappa1: number | null;
  /** kappa(a, b2). */
  readonly kappa2: number | null;
  /** kappa1 - kappa2: above 0 when b1 agrees better with a. */
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** `percentile` when the corrections of BCa do not exist. */
  readonly method: "bca" | "percentile";
  /** Two-sided, that b1 and b2 may change places on every item; 1 when they never differ. */
  readonly p: number | null;
  readonly pMethod: "exact" | "monte-carlo";
  readonly n: number;
  /** Items that b1 and b2 rate differently. */
  readonly changed: number;
  /** Of these, items on which b1 alone agrees with a. */
  readonly onlyFirstAgrees: number;
  /** Of these, items on which b2 alone agrees with a. */
  readonly onlySecondAgrees: number;
  /** Resamples without a kappa (one category alone was drawn): left out. */
  readonly undefinedResamples: number;
  readonly resamples: number;
  readonly seed: number;
  /** Why there is no difference, or no interval; `null` when there are both. */
  readonly reason: string | null;
}

/**
 * Difference of two Cohen's kappas against one truth, with a BCa interval from resampled items and the p-value of a
 * permutation test that swaps b1 and b2 item by item. The test is exact where all swaps can be gone through: most
 * data of two categories, or with few changed items.
 *
 * @param a - the truth of each item
 * @param b1 - one rater's label of the same items
 * @param b2 - the other rater's
 * @returns limits `null` with fewer than two items, when a kappa exists in fewer than half of the resamples, or when
 *   changed items make no difference in any; [0, 0] when b1 and b2 are the same
 * @throws {StatisticsError} if the lengths differ, a label is no category, or an option is out of range
 * @see Efron 1987, JASA 82(397):171; Phipson and Smyth 2010, Stat Appl Genet Mol Biol 9(1):39
 */
export function kappaDifference(
  a: readonly Label[],
  b1: readonly Label[],
  b2: readonly Label[],
  options: KappaDifferenceOptions,
): KappaDifference {
  const { categories, weights = "none", level = 0.95, resamples = 10_000, seed } = options;
  requireLevel(level);
  requireCount("resamples", resamples, 1);
  const random = new SeededRandom(seed);
  const kappa1 = cohenKappa(a, b1, { categories, weights }).kappa;
  const kappa2 = cohenKappa(a, b2, { categories, weights }).kappa;
  const agrees = (rater: readonly Label[], item: number) => rater[item] === a[item];
  const about = {
    kappa1,
    kappa2,
    n: a.length,
    changed: countOf(a, (item) => b1[item] !== b2[item]),
    onlyFirstAgrees: countOf(a, (item) => agrees(b1, item) && !agrees(b2, item)),
    onlySecondAgrees: countOf(a, (item) => agrees(b2, item) && !agrees(b1, item)),
    resamples,
    seed,
  };
  if (kappa1 === null || kappa2 === null) {
    const reason = a.length === 0 ? "no item is shared" : "truth and a rater use one category alone";
    const none = { difference: null, lower: null, upper: null, p: null, undefinedResamples: 0 };
    return { ...about, ...none, method: "bca", pMethod: "exact", reason };
  }
  const cells = kappaCells(a, b1, b2, categories, weights);
  const estimate = kappa1 - kappa2;
  const { p, method: pMethod } = kappaSwapTest(cells, estimate, resamples, random);
  const replicates = resample(cells, resamples, random);
  snapTo(estimate, replicates, 1);
  const undefinedResamples = resamples - replicates.length;
  const isChanged = about.changed > 0;
  const interval = intervalOf(estimate, cells, replicates, { undefinedResamples, isChanged, level });
  const { lower, upper, method, reason } = interval;
  return { ...about, difference: estimate, lower, upper, method, p, pMethod, undefinedResamples, reason };
}

function countOf(items: readonly Label[], isCounted: (item: number) => boolean): number {
  return items.reduce<number>((count, _, item) => count + (isCounted(item) ? 1 : 0), 0);
}

function intervalOf(
  estimate: number,
  cells: KappaCells,
  replicates: Float64Array,
  about: { readonly undefinedResamples: number; readonly isChanged: boolean; readonly level: number },
): Pick<BcaInterval, "lower" | "upper" | "method"> & { readonly reason: string | null } {
  const { undefinedResamples, isChanged, level } = about;
  const none = { lower: null, upper: null, method: "bca" } as const;
  if (cells.n < 2) return { ...none, reason: "fewer than two items" };
  if (undefinedResamples > replicates.length) {
    return { ...none, reason: "most resamples hold one category alone" };
  }
  replicates.sort();
  if (isChanged && replicates[0] === replicates[replicates.length - 1]) {
    return {
      ...none,
      reason: "the difference does not vary: the truth or both raters use one category alone",
    };
  }
  return { ...bcaOfSorted(estimate, replicates, jackknife(cells), level), reason: null };
}

/** The differences in the resamples that have one. */
function resample(cells: KappaCells, resamples: number, random: SeededRandom): Float64Array {
  const { n, cellOf, counts } = cells;
  const picks = new Int32Array(n);
  const drawn = new Int32Array(counts.length);
  const replicates = new Float64Array(resamples);
  let kept = 0;
  for (let round = 0; round < resamples; round++) {
    random.fillBelow(picks, n);
    drawn.fill(0);
    for (let index = 0; index < n; index++) drawn[cellOf[picks[index]!]!]! += 1;
    const difference = kappaDifferenceOf(cells, drawn, n);
    if (!Number.isNaN(difference)) replicates[kept++] = difference;
  }
  return replicates.subarray(0, kept);
}

function jackknife(cells: KappaCells): Float64Array {
  const { n, cellOf, counts } = cells;
  const left = Int32Array.from(counts);
  const ofCell = Float64Array.from(counts, (_, cell) => {
    left[cell]! -= 1;
    const difference = kappaDifferenceOf(cells, left, n - 1);
    left[cell]! += 1;
    return difference;
  });
  return Float64Array.from(cellOf, (cell) => ofCell[cell]!);
}
