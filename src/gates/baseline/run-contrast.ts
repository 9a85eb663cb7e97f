import type { CaseValue, CaseValues } from "../../comparison/case-values.js";
import { meanOfCase, pair } from "../../comparison/compare-means.js";
import { compareQuantiles, measurements } from "../../comparison/compare-quantiles.js";
import {
  compareByResampling,
  compareRatios,
  logRatioOfSums,
  resamplesFor,
} from "../../comparison/compare-resampled.js";
import type { Difference } from "../../comparison/comparison.js";
import type { AlignedRows } from "../../comparison/evidence.js";
import { COMPARISON_SEED } from "../../comparison/tests.js";
import type { RunMetric, RunStatistic } from "../../metrics/metric.js";
import { bootstrapLogCostRatio, type LogCostRatioInterval } from "../../stats/bootstrap-log-cost-ratio.js";
import { bootstrapQuantileDifference } from "../../stats/bootstrap-quantile-difference.js";
import {
  type Contrast,
  type Facts,
  type Limits,
  LOG_RATIO,
  noContrast,
  resampledContrast,
} from "./contrast.js";

const NO_RATIO = "a ratio to the baseline does not exist: one of the two is 0 or was not measured";

/** Quantiles, ratios of sums and other estimates of a whole run, by resampling groups of cases. */
export function runContrast(metric: RunMetric, rows: AlignedRows, isRelative: boolean): Contrast {
  const { statistic } = metric;
  if (statistic?.kind === "quantile") {
    return isRelative ? quantileRatio(statistic, rows) : quantileDifference(metric, rows);
  }
  const sums = statistic?.kind === "ratio" && rows.design.kind === "paired" ? statistic : null;
  if (!isRelative) {
    return ofDifferences((level) => {
      const found = sums === null ? null : compareRatios(sums, rows, level);
      return (found ?? compareByResampling(metric, rows, level)).difference;
    });
  }
  if (sums !== null) return ratioOfRatios(sums, rows);
  // Of replicates without a ratio none is left; the percentiles of a ratio are those of its logarithm.
  const ratio = (after: number, before: number) => (before > 0 ? after / before - 1 : Number.NaN);
  return ofDifferences((level) => {
    const { difference } = compareByResampling(metric, rows, level, ratio);
    const isDefined = difference.value !== null && Number.isFinite(difference.value);
    return isDefined
      ? { ...difference, method: `${difference.method} of the ratio` }
      : { ...difference, value: null, lower: null, upper: null, reason: difference.reason ?? NO_RATIO };
  });
}

function ofDifferences(at: (level: number) => Difference): Contrast {
  const found = resampledContrast((level) => {
    const { reason, ...difference } = at(level);
    return { ...difference, reason: reason ?? null };
  });
  return found.value === null ? noContrast(found.reason ?? NO_RATIO) : found;
}

function quantileDifference(metric: RunMetric, rows: AlignedRows): Contrast {
  return ofDifferences((level) => {
    const change = compareQuantiles([metric], rows, level).get(metric);
    if (change === undefined) throw new TypeError(`${metric.name} is no quantile`);
    return change.difference;
  });
}

function quantileRatio(
  { q, valuesOf }: Extract<RunStatistic, { kind: "quantile" }>,
  rows: AlignedRows,
): Contrast {
  const [before, after] = [measurements(rows.baseline, valuesOf), measurements(rows.candidate, valuesOf)];
  const n = Math.min(before.values.length, after.values.length);
  if (n === 0) return noContrast("a run has no measurement");
  return ofLogRatios((level) => {
    const found = bootstrapQuantileDifference(before, after, {
      q,
      paired: rows.design.kind === "paired",
      seed: COMPARISON_SEED,
      resamples: resamplesFor(before.values.length, rows),
      level,
      contrast: "log-ratio",
    });
    const limits = found.sparseTail ? { lower: null, upper: null } : found;
    return {
      estimate: found.estimate,
      lower: limits.lower,
      upper: limits.upper,
      n,
      clusters: found.clusters,
      method: `bootstrap of groups (seed=${found.seed},resamples=${found.resamples}) of the log ratio`,
      reason: found.sparseTail ? `${n} measurements are too few to bound p${q * 100}` : null,
    };
  });
}

interface LogRatio extends Limits {
  readonly estimate: number | null;
  readonly n: number;
  readonly clusters: number;
  readonly method: string;
  readonly reason: string | null;
}

function ofLogRatios(at: (level: number) => LogRatio): Contrast {
  const found = resampledContrast((level): Facts & Limits => {
    const { estimate, lower, upper, reason, ...facts } = at(level);
    const share = (log: number | null) => (log === null ? null : Math.expm1(log));
    const value = share(estimate);
    return { ...facts, value, relative: value, lower: share(lower), upper: share(upper), reason };
  }, LOG_RATIO);
  return found.value === null ? noContrast(found.reason ?? NO_RATIO) : found;
}

function ofCostRatio(result: LogCostRatioInterval, n: number): LogRatio {
  const { estimate, lower, upper, clusters, method, seed, resamples } = result;
  return {
    estimate,
    lower,
    upper,
    n,
    clusters,
    method: `bootstrap of log ratio, ${method} (seed=${seed},resamples=${resamples})`,
    reason: lower === null ? "too few groups or successes for an interval" : null,
  };
}

function ratioOfRatios(statistic: Extract<RunStatistic, { kind: "ratio" }>, rows: AlignedRows): Contrast {
  return ofLogRatios((level) => {
    const found = logRatioOfSums(statistic, rows, level);
    if (found !== null) return ofCostRatio(found.result, found.cases);
    const none = { estimate: null, lower: null, upper: null, n: 0, clusters: 0, method: "none" };
    return { ...none, reason: "no case has a value in both runs" };
  });
}

/** Ratio of two means or totals of the same cases, such as costs: skewed amounts, so by the bootstrap of its logarithm. */
export function amountRatio(
  before: CaseValues,
  after: CaseValues,
  isTotal: boolean,
  rows: Pick<AlignedRows, "resamples">,
): Contrast {
  const pairing = pair(before, after);
  const pick = isTotal ? ({ sum }: CaseValue) => sum : meanOfCase;
  const [a, b] = [pairing.before.map(pick), pairing.after.map(pick)];
  const n = a.length;
  if (n === 0) return noContrast("no case has a score in both runs");
  if ([...a, ...b].some((value) => value < 0)) {
    return noContrast("values below 0 have no ratio: state the margin in the unit of the metric");
  }
  const ones = new Float64Array(n).fill(1);
  const groups = new Set(pairing.groups).size === n ? null : pairing.groups;
  return ofLogRatios((level) =>
    ofCostRatio(
      bootstrapLogCostRatio({ costs: a, successes: ones }, { costs: b, successes: ones }, groups, {
        seed: COMPARISON_SEED,
        resamples: resamplesFor(n, rows),
        level,
      }),
      n,
    ),
  );
}
