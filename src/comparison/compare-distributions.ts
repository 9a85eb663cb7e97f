import type { MetricUnit } from "../core/score.js";
import type { TrialRow } from "../metrics/metric.js";
import { nearestRank } from "../stats/nearest-rank.js";
import { quantileInterval } from "../stats/quantile.js";
import { measurements } from "./compare-quantiles.js";
import type { Distribution, Quantile, TestResult } from "./comparison.js";
import type { AlignedRows } from "./evidence.js";
import { mannWhitneyTest, wilcoxonTests } from "./tests.js";

/** A kind of measurement of which a trial has none, one or several. Less is better for all of them. */
export interface Measurement {
  readonly name: string;
  readonly label: string;
  readonly unit: MetricUnit;
  readonly valuesOf: (row: TrialRow) => readonly number[];
}

const ofCompleted = (row: TrialRow, value: number | null | undefined) =>
  row.status === "error" || value === null || value === undefined ? [] : [value];

/** What is compared as a whole distribution; one without measurements in both runs is left out. */
export const MEASUREMENTS: readonly Measurement[] = [
  {
    name: "duration_ms",
    label: "duration of a trial",
    unit: "ms",
    valuesOf: (row) => (row.untimed === null ? ofCompleted(row, row.durationMs) : []),
  },
  { name: "turn_ms", label: "duration of an agent turn", unit: "ms", valuesOf: samplesOf("turn_ms") },
  {
    name: "first_token_ms",
    label: "time to the first token",
    unit: "ms",
    valuesOf: samplesOf("first_token_ms"),
  },
  {
    name: "cost_usd",
    label: "cost of a trial",
    unit: "usd",
    valuesOf: (row) => ofCompleted(row, row.costUsd),
  },
  {
    name: "tokens",
    label: "tokens of a trial",
    unit: "tokens",
    valuesOf: (row) => ofCompleted(row, row.scores["tokens.total"]?.value),
  },
];

function samplesOf(name: string): Measurement["valuesOf"] {
  return (row) => (row.status === "error" ? [] : (row.samples?.[name] ?? []));
}

const QUANTILES = [0.5, 0.9, 0.95, 0.99];
const MOST_POINTS = 200;

/** A distribution in both runs, before it is judged beside the others; `null` when a run has no measurement. */
export function compareDistribution(
  measurement: Measurement,
  rows: AlignedRows,
  level: number,
): {
  readonly baseline: Distribution;
  readonly candidate: Distribution;
  readonly test: TestResult;
  readonly otherTests: readonly TestResult[];
} | null {
  const before = measurements(rows.baseline, measurement.valuesOf);
  const after = measurements(rows.candidate, measurement.valuesOf);
  if (before.values.length === 0 || after.values.length === 0) return null;
  const [sortedBefore, sortedAfter] = [before, after].map(({ values }) =>
    Float64Array.from(values).sort(),
  ) as [Float64Array, Float64Array];
  const differences = rows.design.kind === "paired" ? groupDifferences(before, after) : [];
  return {
    baseline: describe(sortedBefore, rows.baseline, measurement, level),
    candidate: describe(sortedAfter, rows.candidate, measurement, level),
    test: mannWhitneyTest(sortedBefore, sortedAfter),
    otherTests: differences.length === 0 ? [] : wilcoxonTests(differences),
  };
}

type Measured = ReturnType<typeof measurements>;

/** Candidate minus baseline of the means of each group of cases. */
function groupDifferences(before: Measured, after: Measured): number[] {
  const [a, b] = [meansByGroup(before), meansByGroup(after)];
  const differences: number[] = [];
  for (const [id, index] of b.indexOf) {
    const other = a.indexOf.get(id);
    if (other !== undefined) differences.push((b.means[index] as number) - (a.means[other] as number));
  }
  return differences;
}

/** The mean of each group, and at which index it stands. */
function meansByGroup({ values, clusters }: Measured): {
  readonly indexOf: ReadonlyMap<string, number>;
  readonly means: Float64Array;
} {
  const indexOf = new Map<string, number>();
  const sums = new Float64Array(values.length);
  const counts = new Int32Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const id = clusters[at] as string;
    let index = indexOf.get(id);
    if (index === undefined) {
      index = indexOf.size;
      indexOf.set(id, index);
    }
    sums[index] = (sums[index] as number) + (values[at] as number);
    counts[index] = (counts[index] as number) + 1;
  }
  return { indexOf, means: sums.map((sum, index) => sum / (counts[index] as number)) };
}

function describe(
  sorted: Float64Array,
  rows: readonly TrialRow[],
  { valuesOf }: Measurement,
  level: number,
): Distribution {
  return {
    n: sorted.length,
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    quantiles: QUANTILES.map((q): Quantile => {
      const { estimate, lower, upper } = quantileInterval(sorted, q, level);
      return { q, value: estimate, nearestRank: nearestRank(sorted, q), lower, upper };
    }),
    points: thinned(sorted),
    unknown: rows.filter((row) => row.status !== "error" && valuesOf(row).length === 0).length,
  };
}

/** At most 200 of the ascending values, evenly spaced, both ends among them. */
function thinned(sorted: Float64Array): number[] {
  if (sorted.length <= MOST_POINTS) return [...sorted];
  const step = (sorted.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, index) => sorted[Math.round(index * step)] as number);
}
