import type { CaseValue, CaseValues } from "../../comparison/case-values.js";
import {
  countsOf,
  isConstantOutcome,
  isOutcome,
  isSampleOfOutcomes,
  meanOfCase,
  oneOfEachGroup,
  type Pairing,
  pair,
  reasonOfNone,
  relativeTo,
  welch,
} from "../../comparison/compare-means.js";
import { clusteredMean } from "../../stats/clustered-se.js";
import { farringtonManningVariance } from "../../stats/farrington-manning.js";
import { nonInferiorityUnpaired } from "../../stats/non-inferiority-unpaired.js";
import type { PairedCounts } from "../../stats/paired-counts.js";
import { pairedRateRatio, pairedRateRatioScore } from "../../stats/paired-rate-ratio.js";
import type { PassCount } from "../../stats/pass-count.js";
import { rateRatio, rateRatioScore } from "../../stats/rate-ratio.js";
import { tango, tangoScore } from "../../stats/tango.js";
import {
  type Contrast,
  ENOUGH_ALIKE,
  type Facts,
  LOG_RATIO,
  noContrast,
  scoreContrast,
  showsNoVariance,
  TOO_FEW_ALIKE,
  tContrast,
  wider,
} from "./contrast.js";
import { likeDifferences } from "./like-differences.js";

export interface CaseContrastOptions {
  /** Whether candidate over baseline minus 1 is asked for, not candidate minus baseline. */
  readonly isRelative: boolean;
  /** Whether the values are outcomes 0 or 1 whose mean is a rate. */
  readonly isRate: boolean;
  /** Whether totals are compared rather than means. */
  readonly isTotal: boolean;
  /** By how much values can differ, such as 1 for scores in [0, 1]; `null` when nothing bounds them. */
  readonly span: number | null;
}

const NO_BASE = "the baseline is 0, of which there is no share: state the margin in the unit of the metric";
const NO_RATIO =
  "the candidate is 0, and a ratio of 0 has no interval: state the margin in the unit of the metric";

/** Compares the cases that both runs have. Several trials of a case count as one: their mean. */
export function pairedContrast(
  before: CaseValues,
  after: CaseValues,
  options: CaseContrastOptions,
): Contrast {
  const pairing = pair(before, after);
  const n = pairing.before.length;
  if (n === 0) return noContrast(reasonOfNone(before, after));
  const outcomes = options.isRate && pairing.before.every(isOutcome) && pairing.after.every(isOutcome);
  if (!outcomes) return pairedMeans(pairing, options);
  if (new Set(pairing.groups).size < n) return { ...pairedMeans(pairing, options), pairs: countsOf(pairing) };
  const pairs = countsOf(pairing);
  const counts = {
    bothPass: pairs.bothPassed,
    baselineOnly: pairs.lost,
    currentOnly: pairs.won,
    bothFail: pairs.bothFailed,
  };
  const relative = relativeTo((pairs.bothPassed + pairs.lost) / n, (pairs.bothPassed + pairs.won) / n);
  const facts = { n, clusters: n, relative, pairs };
  return options.isRelative
    ? pairedRatio(counts, { ...facts, method: "paired ratio score" })
    : tangoContrast(counts, { ...facts, method: "tango" }, 1);
}

/** @param span - how far the true difference may lie from 0: 1 for rates */
function tangoContrast(counts: PairedCounts, facts: Omit<Facts, "value">, span: number): Contrast {
  const value = (span * (counts.currentOnly - counts.baselineOnly)) / pairsIn(counts);
  return scoreContrast(
    { ...facts, value },
    (level) => {
      const { lower, upper } = tango(counts, level);
      return { lower: lower === null ? null : span * lower, upper: upper === null ? null : span * upper };
    },
    (delta) => (Math.abs(delta) < span ? tangoScore(counts, delta / span) : null),
  );
}

function pairedRatio(counts: PairedCounts, facts: Omit<Facts, "value">): Contrast {
  if (counts.bothPass + counts.baselineOnly === 0) return noContrast(NO_BASE);
  return ratioContrast(
    facts,
    (level) => pairedRateRatio(counts, level),
    (ratio) => pairedRateRatioScore(counts, ratio),
  );
}

function ratioContrast(
  facts: Omit<Facts, "value">,
  intervalAt: (level: number) => { readonly lower: number | null; readonly upper: number | null },
  scoreAt: (ratio: number) => number,
): Contrast {
  const minusOne = (ratio: number | null) => (ratio === null ? null : ratio - 1);
  return scoreContrast(
    { ...facts, value: facts.relative },
    (level) => {
      const { lower, upper } = intervalAt(level);
      return { lower: minusOne(lower), upper: minusOne(upper) };
    },
    (delta) => (delta > -1 ? scoreAt(1 + delta) : null),
  );
}

function pairsIn({ bothPass, baselineOnly, currentOnly, bothFail }: PairedCounts): number {
  return bothPass + baselineOnly + currentOnly + bothFail;
}

function pairedMeans(pairing: Pairing, options: CaseContrastOptions): Contrast {
  const pick = options.isTotal ? ({ sum }: CaseValue) => sum : meanOfCase;
  const before = pairing.before.map(pick);
  const after = pairing.after.map(pick);
  const differences = after.map((value, index) => value - (before[index] as number));
  const n = differences.length;
  const { mean, se, clusters } = clusteredMean(differences, pairing.groups);
  const [base, own] = [meanOf(before), meanOf(after)];
  const method = clusters === n ? "paired-t" : "clustered-t";
  const facts = { n, clusters, relative: relativeTo(base, own), method };
  const agreed = agreement(differences, pairing.groups, base, facts, options);
  const means = { before: base, after: own };
  if (showsNoVariance(se, mean as number)) return agreed ?? alikePairs(means, facts, options);
  const found = options.isRelative
    ? pairedLogRatio(before, after, pairing.groups, facts, options)
    : pairedDifference(mean as number, se, facts, options);
  return agreed === null || found.value === null ? found : wider(found, agreed);
}

/** Of cases that all changed alike, too many to be bounded by those which did not. */
function alikePairs(
  { before, after }: { readonly before: number; readonly after: number },
  facts: Omit<Facts, "value">,
  options: CaseContrastOptions,
): Contrast {
  const { isRelative, isTotal, span } = options;
  if (isRelative && !(before > 0)) return noContrast(NO_BASE);
  if (span !== null && !isTotal) return likeDifferences({ before, after, span }, isRelative, facts);
  const few = facts.clusters < ENOUGH_ALIKE;
  const known = few ? { ...facts, reason: TOO_FEW_ALIKE } : facts;
  const se = few ? null : 0;
  if (!isRelative) return pairedDifference(after - before, se, known, options);
  if (!(after > 0)) return noContrast(NO_RATIO);
  return logRatio(before, after, se, known);
}

function pairedDifference(
  mean: number,
  se: number | null,
  facts: Omit<Facts, "value">,
  { isRate, isTotal }: CaseContrastOptions,
): Contrast {
  const scaling = isTotal ? facts.n : 1;
  const t = { centre: mean * scaling, se: se === null ? null : se * scaling, df: facts.clusters - 1 };
  return tContrast({ ...facts, value: t.centre }, t, isRate && !isTotal ? { cut: cutToRate } : {});
}

/** By the linearised standard error of the log of a ratio of means. */
function pairedLogRatio(
  before: readonly number[],
  after: readonly number[],
  groups: readonly string[],
  facts: Omit<Facts, "value">,
  options: CaseContrastOptions,
): Contrast {
  const [base, own] = [meanOf(before), meanOf(after)];
  if (!(base > 0)) return noContrast(NO_BASE);
  if (!(own > 0)) return noContrast(NO_RATIO);
  const shares = after.map((value, index) => value / own - (before[index] as number) / base);
  const { se } = clusteredMean(shares, groups);
  if (showsNoVariance(se, 1)) return alikePairs({ before: base, after: own }, facts, options);
  return logRatio(base, own, se, facts);
}

function logRatio(base: number, own: number, se: number | null, facts: Omit<Facts, "value">): Contrast {
  return tContrast(
    { ...facts, value: facts.relative, method: `${facts.method} of log ratio` },
    { centre: Math.log(own / base), se, df: facts.clusters - 1 },
    { scale: LOG_RATIO },
  );
}

/** Groups that differ at all, from which on a t interval of rates is trusted. */
const ENOUGH_MOVED = 10;

/**
 * A t interval has no width when no case differs, and too little when few do. Then Tango's interval of as many pairs as there
 * are groups says what so few can tell: those that fell are lost pairs, those that rose are won ones, each with the weight
 * of its change, rounded over all. `null` where the t interval needs no such help.
 */
function agreement(
  differences: readonly number[],
  groups: readonly string[],
  base: number,
  facts: Omit<Facts, "value">,
  { isRelative, isTotal, span }: CaseContrastOptions,
): Contrast | null {
  const { clusters } = facts;
  if (isTotal || span === null || clusters < 2 || (isRelative && !(base > 0))) return null;
  const changes = groupChanges(differences, groups);
  const moved = changes.filter((change) => change !== 0).length;
  if (moved >= ENOUGH_MOVED || moved > clusters / 2) return null;
  const weigh = (sign: 1 | -1) =>
    Math.round(changes.reduce((sum, change) => sum + Math.max(0, sign * change), 0) / span);
  const [lost, won] = [weigh(-1), weigh(1)];
  const passed = Math.min(clusters - won, Math.max(1, lost, Math.round((clusters * base) / span)));
  const counts = {
    bothPass: passed - lost,
    baselineOnly: lost,
    currentOnly: won,
    bothFail: clusters - passed - won,
  };
  return isRelative
    ? pairedRatio(counts, { ...facts, method: "paired-ratio-clusters" })
    : tangoContrast(counts, { ...facts, method: "tango-clusters" }, span);
}

/** Mean difference of each group. */
function groupChanges(differences: readonly number[], groups: readonly string[]): number[] {
  const sums = new Map<string, { sum: number; count: number }>();
  differences.forEach((difference, index) => {
    const group = groups[index] as string;
    const known = sums.get(group);
    if (known === undefined) sums.set(group, { sum: difference, count: 1 });
    else {
      known.sum += difference;
      known.count += 1;
    }
  });
  return [...sums.values()].map(({ sum, count }) => sum / count);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function cutToRate(limit: number): number {
  return Math.max(-1, Math.min(1, limit));
}

/** Compares two independent samples of cases. */
export function unpairedContrast(
  before: CaseValues,
  after: CaseValues,
  options: CaseContrastOptions,
): Contrast {
  const [a, b] = [[...before.values()], [...after.values()]];
  if (a.length === 0 || b.length === 0) return noContrast(reasonOfNone(before, after));
  const n = Math.min(a.length, b.length);
  if (options.isRate && isSampleOfOutcomes(a) && isSampleOfOutcomes(b)) {
    return independentOutcomes(passes(a), passes(b), n, options);
  }
  if (options.isRate && isConstantOutcome(a) && isConstantOutcome(b)) {
    return independentOutcomes(passes(oneOfEachGroup(a)), passes(oneOfEachGroup(b)), n, options);
  }
  if (options.isTotal && !options.isRelative) {
    return noContrast(
      "the runs have different cases, so totals differ by their number: state the margin as a share",
    );
  }
  return independentMeans(a, b, n, options);
}

function passes(values: readonly CaseValue[]): PassCount {
  return { successes: values.reduce((sum, value) => sum + value.sum, 0), trials: values.length };
}

function independentOutcomes(
  before: PassCount,
  after: PassCount,
  n: number,
  { isRelative }: CaseContrastOptions,
): Contrast {
  const [base, own] = [before.successes / before.trials, after.successes / after.trials];
  const relative = relativeTo(base, own);
  const arms = { baseline: before, candidate: after };
  const facts = { n, clusters: before.trials + after.trials, relative, arms };
  if (isRelative) {
    if (before.successes === 0) return noContrast(NO_BASE);
    return ratioContrast(
      { ...facts, method: "koopman" },
      (level) => rateRatio(before, after, level),
      (ratio) => rateRatioScore(before, after, ratio),
    );
  }
  const value = own - base;
  return scoreContrast(
    { ...facts, value, method: "farrington-manning" },
    (level) => {
      const { lower, upper } = nonInferiorityUnpaired(before, after, { margin: 0, alpha: (1 - level) / 2 });
      return { lower, upper };
    },
    (delta) => {
      if (Math.abs(delta) >= 1) return null;
      const variance = farringtonManningVariance(before, after, delta);
      return variance === 0 ? 0 : (value - delta) / Math.sqrt(variance);
    },
  );
}

/** Welch's t on means of cases, with the cluster-robust variance of each run; relative: on their logarithms. */
function independentMeans(
  a: readonly CaseValue[],
  b: readonly CaseValue[],
  n: number,
  { isRate, isRelative }: CaseContrastOptions,
): Contrast {
  const describe = (values: readonly CaseValue[]) =>
    clusteredMean(
      values.map(meanOfCase),
      values.map(({ group }) => group),
    );
  const [before, after] = [describe(a), describe(b)];
  const [base, own] = [before.mean as number, after.mean as number];
  const clusters = before.clusters + after.clusters;
  const method = clusters === a.length + b.length ? "welch-t" : "clustered-welch-t";
  const facts = { n, clusters, relative: relativeTo(base, own), method };
  const isFew = Math.min(before.clusters, after.clusters) < ENOUGH_ALIKE;
  /** Nothing is claimed of few groups that are all alike. */
  const unlessAlike = (spread: ReturnType<typeof welch>) =>
    isFew && showsNoVariance(spread.se, own)
      ? { facts: { ...facts, reason: TOO_FEW_ALIKE }, se: null, df: null }
      : { facts, ...spread };
  if (!isRelative) {
    const { facts: known, se, df } = unlessAlike(welch(before, after, isRate));
    return tContrast(
      { ...known, value: own - base },
      { centre: own - base, se, df },
      isRate ? { cut: cutToRate } : {},
    );
  }
  if (!(base > 0)) return noContrast(NO_BASE);
  if (!(own > 0)) return noContrast(NO_RATIO);
  const share = ({ se }: typeof before, mean: number) => (se === null ? null : se / mean);
  const shares = welch(
    { se: share(before, base), clusters: before.clusters },
    { se: share(after, own), clusters: after.clusters },
    isRate,
  );
  const { facts: known, se, df } = unlessAlike(shares);
  return tContrast(
    { ...known, value: facts.relative, method: `${method} of log ratio` },
    { centre: Math.log(own / base), se, df },
    { scale: LOG_RATIO },
  );
}
