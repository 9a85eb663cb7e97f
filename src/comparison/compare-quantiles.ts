import type { Metric, TrialRow } from "../metrics/metric.js";
import {
  bootstrapQuantileDifferences,
  type QuantileDifference,
} from "../stats/bootstrap-quantile-difference.js";
import { type Change, relativeTo, without } from "./compare-means.js";
import { isRunMetric, resamplesFor } from "./compare-resampled.js";
import type { AlignedRows } from "./evidence.js";
import { COMPARISON_SEED } from "./tests.js";

/** Measurements of one run, with the group of each: the cluster that is resampled. */
interface Measured {
  readonly values: readonly number[];
  readonly clusters: readonly string[];
}

/** The same measurements, of which several metrics ask one quantile each. */
interface Asked {
  readonly before: Measured;
  readonly after: Measured;
  readonly metrics: Metric[];
  readonly qs: number[];
}

/**
 * Differences of the metrics that are quantiles, with whole groups of cases resampled: jointly when the runs are paired.
 * p50, p95 and p99 of the same measurements are looked up in the same resamples.
 */
export function compareQuantiles(
  metrics: readonly Metric[],
  rows: AlignedRows,
  level: number,
): ReadonlyMap<Metric, Change> {
  return new Map(
    askedOf(metrics, rows).flatMap(({ before, after, metrics: asking, qs }): [Metric, Change][] => {
      if (before.values.length === 0 || after.values.length === 0) {
        return asking.map((metric) => [metric, without("a run has no measurement")]);
      }
      const n = Math.min(before.values.length, after.values.length);
      const results = bootstrapQuantileDifferences(before, after, {
        qs,
        paired: rows.design.kind === "paired",
        seed: COMPARISON_SEED,
        resamples: resamplesFor(before.values.length, rows),
        level,
      });
      return results.map((result, index) => [
        asking[index] as Metric,
        changeOf(result, qs[index] as number, n),
      ]);
    }),
  );
}

function changeOf(result: QuantileDifference, q: number, n: number): Change {
  const limits = result.sparseTail
    ? { lower: null, upper: null, reason: `${n} measurements are too few to bound p${q * 100}` }
    : { lower: result.lower, upper: result.upper };
  return {
    difference: {
      value: result.estimate,
      ...limits,
      method: `bootstrap of groups (seed=${result.seed},resamples=${result.resamples})`,
      relative: relativeTo(result.baseline, result.current),
      n,
      clusters: result.clusters,
    },
    test: null,
    otherTests: [],
    pairs: null,
  };
}

function askedOf(metrics: readonly Metric[], rows: AlignedRows): readonly Asked[] {
  const found: Asked[] = [];
  for (const metric of metrics) {
    if (!isRunMetric(metric) || metric.statistic?.kind !== "quantile") continue;
    const { q, valuesOf } = metric.statistic;
    const [before, after] = [measurements(rows.baseline, valuesOf), measurements(rows.candidate, valuesOf)];
    const known = found.find((one) => isSame(one.before, before) && isSame(one.after, after));
    if (known === undefined) {
      found.push({ before, after, metrics: [metric], qs: [q] });
      continue;
    }
    known.metrics.push(metric);
    known.qs.push(q);
  }
  return found;
}

function isSame(a: Measured, b: Measured): boolean {
  return (
    a.values.length === b.values.length &&
    a.values.every((value, index) => value === b.values[index]) &&
    a.clusters.every((cluster, index) => cluster === b.clusters[index])
  );
}

/** All measurements of a run with the group of each. */
export function measurements(
  rows: readonly TrialRow[],
  valuesOf: (row: TrialRow) => readonly number[],
): Measured {
  const values: number[] = [];
  const clusters: string[] = [];
  for (const row of rows) {
    for (const value of valuesOf(row)) {
      values.push(value);
      clusters.push(row.group);
    }
  }
  return { values, clusters };
}
