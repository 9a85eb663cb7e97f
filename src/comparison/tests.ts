import type { ClusteredMeanDifference } from "../stats/clustered-mean-difference.js";
import { fisherExact } from "../stats/fisher-exact.js";
import { mannWhitneyU } from "../stats/mann-whitney-u.js";
import { mcnemarChiSquare } from "../stats/mcnemar-chi-square.js";
import { mcnemarExact } from "../stats/mcnemar-exact.js";
import { mcnemarMidP } from "../stats/mcnemar-mid-p.js";
import { pairedTTest } from "../stats/paired-t-test.js";
import type { PassCount } from "../stats/pass-count.js";
import { signFlipPermutation } from "../stats/sign-flip-permutation.js";
import { twoProportionZ } from "../stats/two-proportion-z.js";
import { wilcoxonSignedRank } from "../stats/wilcoxon-signed-rank.js";
import type { PairCounts, TestResult } from "./comparison.js";

const BOTH = "two-sided";
/** Of the randomised tests: fixed, so that the same runs always give the same p. */
export const COMPARISON_SEED = 20_261_121;
/** Clusters from which a t test is as good as flipping signs, and a thousand times cheaper. */
const MOST_FLIPPED = 1_000;
/** Differences that are not zero up to which ranks are tested exactly. */
const MOST_EXACT_RANKS = 50;

/** McNemar's test as readers expect it: mid-p decides, exact and chi-square stand beside it. */
export function mcnemarTests({ lost, won }: PairCounts): readonly [TestResult, ...TestResult[]] {
  const counts = { lost, won };
  const chiSquare = mcnemarChiSquare(lost, won);
  return [
    { name: "McNemar mid-p", statistics: counts, p: mcnemarMidP(lost, won, "two-sided").p },
    { name: "McNemar exact", statistics: counts, p: mcnemarExact(lost, won, "two-sided").p },
    {
      name: "McNemar chi-square with continuity correction",
      statistics: { ...counts, chiSquare: chiSquare.statistic },
      p: chiSquare.p,
    },
  ];
}

/** Fisher's test and the pooled z test of two independent rates. */
export function proportionTests(
  before: PassCount,
  after: PassCount,
): { readonly fisher: TestResult; readonly z: TestResult } {
  const failures = ({ successes, trials }: PassCount) => trials - successes;
  const fisher = fisherExact(
    [
      [after.successes, failures(after)],
      [before.successes, failures(before)],
    ],
    BOTH,
  );
  const { z, p } = twoProportionZ(before, after, BOTH);
  return {
    fisher: { name: "Fisher exact", statistics: { oddsRatio: fisher.oddsRatio }, p: fisher.p },
    z: { name: "two-proportion z", statistics: { z }, p },
  };
}

/** Whether a cell of the 2×2 table has an expected count below 5: too few for a normal approximation. */
export function isSmallTable(before: PassCount, after: PassCount): boolean {
  const all = before.trials + after.trials;
  const passed = before.successes + after.successes;
  const least = (Math.min(before.trials, after.trials) * Math.min(passed, all - passed)) / all;
  return least < 5;
}

/**
 * Tests of paired differences, the one that decides first: flipping the signs of the clusters' sums, or, of many
 * clusters, the cluster-robust t test.
 *
 * @param clustered - of these differences in these groups
 */
export function differenceTests(
  differences: readonly number[],
  groups: readonly string[],
  clustered: ClusteredMeanDifference,
): readonly [TestResult, ...TestResult[]] {
  const clusteredT: TestResult = {
    name: "cluster-robust t",
    statistics: { t: clustered.t, df: clustered.df },
    p: clustered.p,
  };
  const others: TestResult[] = clustered.clusters === differences.length ? singleCaseTests(differences) : [];
  if (clustered.clusters > MOST_FLIPPED) return [clusteredT, ...others];
  const sums = new Map<string, number>();
  differences.forEach((difference, index) => {
    const group = groups[index] as string;
    sums.set(group, (sums.get(group) ?? 0) + difference);
  });
  const flipped = signFlipPermutation([...sums.values()], { seed: COMPARISON_SEED });
  const name =
    flipped.method === "exact" ? "sign-flip permutation (exact)" : "sign-flip permutation (Monte Carlo)";
  return [
    {
      name,
      statistics: { clusters: sums.size, flips: flipped.flips },
      p: flipped.p,
      ...(flipped.seed === null ? {} : { seed: flipped.seed }),
    },
    clusteredT,
    ...others,
  ];
}

function singleCaseTests(differences: readonly number[]): TestResult[] {
  const t = pairedTTest(differences);
  return [{ name: "paired t", statistics: { t: t.t, df: t.df }, p: t.p }, ...wilcoxonTests(differences)];
}

/**
 * Wilcoxon's signed-rank test of differences, one a case: exact up to 50 differences that are not zero, and by the plain
 * normal approximation, which SciPy gives for more of them and for ties.
 */
export function wilcoxonTests(differences: readonly number[]): TestResult[] {
  const exact = withoutRounding(differences);
  const nonZero = exact.reduce((count, difference) => count + (difference === 0 ? 0 : 1), 0);
  const methods = nonZero <= MOST_EXACT_RANKS ? (["exact", "approx"] as const) : (["approx"] as const);
  return methods.map((method) => {
    const result = wilcoxonSignedRank(exact, { method, continuity: false });
    const name = `Wilcoxon signed-rank (${method === "exact" ? "exact" : "normal"})`;
    return { name, statistics: { wPlus: result.wPlus, nonZero: result.nonZero }, p: result.p };
  });
}

/** Binary digits kept below the largest difference. */
const KEPT_DIGITS = 42;

/** Differences of means of equal size, such as 2/3 - 1/3 and 1 - 2/3, which rounding tells apart, tie again. */
function withoutRounding(differences: readonly number[]): readonly number[] {
  const largest = differences.reduce((most, difference) => Math.max(most, Math.abs(difference)), 0);
  const grain = 2 ** (Math.ceil(Math.log2(largest)) - KEPT_DIGITS);
  return grain > 0 ? differences.map((difference) => Math.round(difference / grain) * grain) : differences;
}

/** Mann–Whitney test of two samples; `auc` is the chance that a candidate's value is the larger. */
export function mannWhitneyTest(before: ArrayLike<number>, after: ArrayLike<number>): TestResult {
  const { u, auc, p, method } = mannWhitneyU(before, after);
  return {
    name: `Mann–Whitney U (${method})`,
    statistics: { u, auc: auc === null ? null : 1 - auc },
    p,
  };
}
