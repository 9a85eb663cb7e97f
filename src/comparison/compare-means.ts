import { clusteredMeanDifference } from "../stats/clustered-mean-difference.js";
import { clusteredMean } from "../stats/clustered-se.js";
import { newcombe } from "../stats/newcombe.js";
import { tTest } from "../stats/paired-t-test.js";
import { studentTUpperQuantile } from "../stats/student-t.js";
import { tango } from "../stats/tango.js";
import type { CaseValue, CaseValues } from "./case-values.js";
import type { Difference, PairCounts, TestResult } from "./comparison.js";
import { cutToRates, withinRates } from "./rate-limits.js";
import { differenceTests, isSmallTable, mannWhitneyTest, mcnemarTests, proportionTests } from "./tests.js";

/** What one metric says of two runs, before it is judged beside the others. */
export interface Change {
  readonly difference: Difference;
  readonly test: TestResult | null;
  readonly otherTests: readonly TestResult[];
  readonly pairs: PairCounts | null;
  /** Half the width of a t interval, before it was cut to what rates can differ by. */
  readonly halfWidth?: number | null;
}

export interface MeanOptions {
  readonly level: number;
  /** Whether the values are outcomes 0 or 1 whose mean is a rate. */
  readonly isRate: boolean;
  /** Whether totals are compared rather than means. */
  readonly isTotal: boolean;
}

export interface Pairing {
  readonly before: readonly CaseValue[];
  readonly after: readonly CaseValue[];
  readonly groups: readonly string[];
}

/** Compares a metric case by case. Several trials of a case count as one: their mean. */
export function comparePaired(before: CaseValues, after: CaseValues, options: MeanOptions): Change {
  const pairing = pair(before, after);
  const n = pairing.before.length;
  if (n === 0) return without(reasonOfNone(before, after));
  const own = new Set(pairing.groups).size === n;
  const outcomes = options.isRate && pairing.before.every(isOutcome) && pairing.after.every(isOutcome);
  if (outcomes && own) return comparePairedOutcomes(pairing, options.level);
  const change = comparePairedMeans(pairing, options);
  return outcomes ? { ...change, pairs: countsOf(pairing) } : change;
}

/** The cases that both runs have a value of, in the order of the baseline. */
export function pair(before: CaseValues, after: CaseValues): Pairing {
  const pairing = { before: [] as CaseValue[], after: [] as CaseValue[], groups: [] as string[] };
  for (const [id, value] of before) {
    const other = after.get(id);
    if (other === undefined) continue;
    pairing.before.push(value);
    pairing.after.push(other);
    pairing.groups.push(value.group);
  }
  return pairing;
}

/** One trial, which passed or failed. */
export function isOutcome(value: CaseValue): boolean {
  return value.count === 1 && value.isBinary;
}

/** Mean of the scored trials of a case. */
export function meanOfCase({ sum, count }: CaseValue): number {
  return sum / count;
}

/** Of pairs that are single outcomes. */
export function countsOf({ before, after }: Pairing): PairCounts {
  const counts = { bothPassed: 0, lost: 0, won: 0, bothFailed: 0 };
  before.forEach(({ sum }, index) => {
    const passed = (after[index] as CaseValue).sum === 1;
    if (sum === 1) counts[passed ? "bothPassed" : "lost"] += 1;
    else counts[passed ? "won" : "bothFailed"] += 1;
  });
  return counts;
}

function comparePairedOutcomes(pairing: Pairing, level: number): Change {
  const pairs = countsOf(pairing);
  const n = pairing.before.length;
  const { bothPassed, lost, won, bothFailed } = pairs;
  const counts = { bothPass: bothPassed, baselineOnly: lost, currentOnly: won, bothFail: bothFailed };
  const limits = tango(counts, level);
  const [test, ...otherTests] = mcnemarTests(pairs);
  const { fisher, z } = proportionTests(
    { successes: bothPassed + lost, trials: n },
    { successes: bothPassed + won, trials: n },
  );
  return {
    difference: {
      value: limits.estimate,
      lower: limits.lower,
      upper: limits.upper,
      method: "tango",
      relative: relativeTo((bothPassed + lost) / n, (bothPassed + won) / n),
      n,
      clusters: n,
    },
    test,
    otherTests: [...otherTests, z, fisher],
    pairs,
  };
}

function comparePairedMeans(pairing: Pairing, { level, isRate, isTotal }: MeanOptions): Change {
  const pick = isTotal ? ({ sum }: CaseValue) => sum : meanOfCase;
  const before = pairing.before.map(pick);
  const after = pairing.after.map(pick);
  const differences = after.map((value, index) => value - (before[index] as number));
  const n = differences.length;
  const clustered = clusteredMeanDifference(differences, pairing.groups, { level });
  const { mean, lower, upper, clusters } = clustered;
  const scale = isTotal ? n : 1;
  const scaled = (value: number | null) => (value === null ? null : value * scale);
  const [test, ...otherTests] = differenceTests(differences, pairing.groups, clustered);
  const difference: Difference = {
    value: scaled(mean),
    lower: scaled(lower),
    upper: scaled(upper),
    method: clusters === n ? "paired-t" : "clustered-t",
    relative: relativeTo(total(before), total(after)),
    n,
    clusters,
    ...(lower === null ? { reason: "one cluster gives no interval" } : {}),
  };
  return {
    difference: isRate && !isTotal ? withinRates(difference, differences, level) : difference,
    test,
    otherTests,
    pairs: null,
    halfWidth: lower === null || upper === null ? null : (upper - lower) / 2,
  };
}

/** Compares a metric over different cases: two independent samples of cases. */
export function compareUnpaired(before: CaseValues, after: CaseValues, options: MeanOptions): Change {
  const [a, b] = [[...before.values()], [...after.values()]];
  if (a.length === 0 || b.length === 0) return without(reasonOfNone(before, after));
  if (options.isRate && isSampleOfOutcomes(a) && isSampleOfOutcomes(b)) {
    return compareIndependentOutcomes(a, b, options.level);
  }
  if (options.isRate && isConstantOutcome(a) && isConstantOutcome(b)) {
    const change = compareIndependentOutcomes(oneOfEachGroup(a), oneOfEachGroup(b), options.level);
    return { ...change, difference: { ...change.difference, n: Math.min(a.length, b.length) } };
  }
  return compareIndependentMeans(a, b, options);
}

/** Single outcomes, each a cluster of its own. */
export function isSampleOfOutcomes(values: readonly CaseValue[]): boolean {
  return values.every(isOutcome) && new Set(values.map(({ group }) => group)).size === values.length;
}

/** Every trial of every case came out alike. */
export function isConstantOutcome(values: readonly CaseValue[]): boolean {
  const rate = meanOfCase(values[0] as CaseValue);
  return (rate === 0 || rate === 1) && values.every((value) => meanOfCase(value) === rate);
}

/** Cases that all came out alike, as one outcome a group. */
export function oneOfEachGroup(values: readonly CaseValue[]): CaseValue[] {
  const groups = new Map(values.map((value) => [value.group, value]));
  return [...groups.values()].map((value) => ({ ...value, sum: meanOfCase(value), count: 1 }));
}

function compareIndependentOutcomes(a: readonly CaseValue[], b: readonly CaseValue[], level: number): Change {
  const passes = (values: readonly CaseValue[]) => ({
    successes: values.reduce((sum, value) => sum + value.sum, 0),
    trials: values.length,
  });
  const [before, after] = [passes(a), passes(b)];
  const limits = newcombe(before, after, level);
  const { fisher, z } = proportionTests(before, after);
  const isSmall = isSmallTable(before, after);
  return {
    difference: {
      value: limits.estimate,
      lower: limits.lower,
      upper: limits.upper,
      method: "newcombe",
      relative: relativeTo(before.successes / before.trials, after.successes / after.trials),
      n: Math.min(a.length, b.length),
      clusters: a.length + b.length,
    },
    test: isSmall ? fisher : z,
    otherTests: [isSmall ? z : fisher],
    pairs: null,
  };
}

/** Welch's t on means of cases, with the cluster-robust variance of each run. */
function compareIndependentMeans(
  a: readonly CaseValue[],
  b: readonly CaseValue[],
  { level, isRate, isTotal }: MeanOptions,
): Change {
  const describe = (values: readonly CaseValue[]) =>
    clusteredMean(
      values.map(meanOfCase),
      values.map(({ group }) => group),
      { level },
    );
  const [before, after] = [describe(a), describe(b)];
  const mean = before.mean === null || after.mean === null ? null : after.mean - before.mean;
  const { se, df } = welch(before, after, isRate);
  const half =
    se === null || df === null ? null : se === 0 ? 0 : se * studentTUpperQuantile((1 - level) / 2, df);
  const t = tTest(mean, se, df);
  const limits =
    mean === null || half === null
      ? { lower: null, upper: null }
      : isRate
        ? cutToRates(mean - half, mean + half)
        : { lower: mean - half, upper: mean + half };
  const clusters = before.clusters + after.clusters;
  return {
    difference: {
      value: mean,
      ...limits,
      method: clusters === a.length + b.length ? "welch-t" : "clustered-welch-t",
      relative: relativeTo(before.mean, after.mean),
      n: Math.min(a.length, b.length),
      clusters,
      ...(half === null ? { reason: "one cluster gives no interval" } : {}),
      ...(isTotal ? { reason: "the cases differ, so means by case are compared, not totals" } : {}),
    },
    test: { name: welchName(before, after, isRate), statistics: { t: t.t, df: t.df }, p: t.p },
    otherTests: [mannWhitneyTest(a.map(meanOfCase), b.map(meanOfCase))],
    pairs: null,
    halfWidth: half,
  };
}

export type Spread = { readonly se: number | null; readonly clusters: number };

/** Whether one run's spread stands for both. */
function isBorrowed(a: Spread, b: Spread, isRate: boolean): boolean {
  return isRate && a.se !== null && b.se !== null && (a.se === 0) !== (b.se === 0);
}

function welchName(a: Spread, b: Spread, isRate: boolean): string {
  return isBorrowed(a, b, isRate) ? "t on clusters, one run's spread for both" : "Welch t on clusters";
}

/**
 * Welch's standard error and degrees of freedom. Of rates, a run whose clusters are all alike shows no spread, which
 * proves none when they are few: the spread of the other run then stands for both, on its degrees of freedom.
 */
export function welch(
  a: Spread,
  b: Spread,
  isRate: boolean,
): { readonly se: number | null; readonly df: number | null } {
  if (a.se === null || b.se === null) return { se: null, df: null };
  if (isBorrowed(a, b, isRate)) {
    const [flat, spread] = a.se === 0 ? [a, b] : [b, a];
    const se = spread.se as number;
    return { se: se * Math.sqrt(1 + spread.clusters / flat.clusters), df: spread.clusters - 1 };
  }
  const [va, vb] = [a.se ** 2, b.se ** 2];
  const variance = va + vb;
  if (variance === 0) return { se: 0, df: a.clusters + b.clusters - 2 };
  const df = variance ** 2 / (va ** 2 / (a.clusters - 1) + vb ** 2 / (b.clusters - 1));
  return { se: Math.sqrt(variance), df };
}

/** No comparison, and why. */
export function without(reason: string): Change {
  return {
    difference: {
      value: null,
      lower: null,
      upper: null,
      method: "none",
      relative: null,
      n: 0,
      clusters: 0,
      reason,
    },
    test: null,
    otherTests: [],
    pairs: null,
  };
}

/** Why there is nothing to compare. */
export function reasonOfNone(before: CaseValues, after: CaseValues): string {
  if (before.size === 0 && after.size === 0) return "neither run has a score";
  if (before.size === 0) return "the baseline has no score";
  return after.size === 0 ? "the candidate has no score" : "no case has a score in both runs";
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** How much larger the second is, as a share of the first; `null` of nothing. */
export function relativeTo(before: number | null, after: number | null): number | null {
  return before === null || after === null || before === 0 ? null : after / before - 1;
}
