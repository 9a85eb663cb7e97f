import type { Metric, RunMetric, RunStatistic, TrialRow } from "../metrics/metric.js";
import { bootstrapLogCostRatio, type LogCostRatioInterval } from "../stats/bootstrap-log-cost-ratio.js";
import { quantileOfSorted } from "../stats/quantile.js";
import { SeededRandom } from "../stats/random.js";
import type { Change } from "./compare-means.js";
import { relativeTo, without } from "./compare-means.js";
import type { AlignedRows } from "./evidence.js";
import { COMPARISON_SEED } from "./tests.js";

const RESAMPLES = 2_000;
const MANY_VALUES = 5_000;

/**
 * Resamples for as many values, unless the rows ask for a number: of many, a quarter does, and the time is better spent on
 * more cases.
 */
export function resamplesFor(values: number, { resamples }: Pick<AlignedRows, "resamples">): number {
  return resamples ?? (values < MANY_VALUES ? RESAMPLES : RESAMPLES / 4);
}

/** Rows that a metric without a test of its own may read in all resamples together. */
const MOST_ROWS_READ = 4_000_000;
const FEWEST_RESAMPLES = 200;

/**
 * Difference of a ratio of sums, such as cost per success, by the ratio of the two: its limits are those of the
 * baseline's ratio times the bootstrap's limits. Only for paired cases; `null` where a sum is 0.
 */
export function compareRatios(
  statistic: Extract<RunStatistic, { kind: "ratio" }>,
  rows: AlignedRows,
  level: number,
): Change | null {
  const found = logRatioOfSums(statistic, rows, level);
  if (found === null) return without("no case has a value in both runs");
  const { result, base, cases } = found;
  if (result.estimate === null) return null;
  const difference = (log: number | null) => (log === null ? null : base * Math.expm1(log));
  return {
    difference: {
      value: difference(result.estimate),
      lower: difference(result.lower),
      upper: difference(result.upper),
      method: `bootstrap of log ratio, ${result.method} (seed=${result.seed},resamples=${result.resamples})`,
      relative: Math.expm1(result.estimate),
      n: cases,
      clusters: result.clusters,
      ...(result.lower === null ? { reason: "too few clusters or successes for an interval" } : {}),
    },
    test: null,
    otherTests: [],
    pairs: null,
  };
}

/** Log of the candidate's ratio over the baseline's, on cases that both have; `null` without one. */
export function logRatioOfSums(
  statistic: Extract<RunStatistic, { kind: "ratio" }>,
  rows: AlignedRows,
  level: number,
): { readonly result: LogCostRatioInterval; readonly base: number; readonly cases: number } | null {
  const [before, after] = [sumsByCase(rows.baseline, statistic), sumsByCase(rows.candidate, statistic)];
  const a = { costs: [] as number[], successes: [] as number[] };
  const b = { costs: [] as number[], successes: [] as number[] };
  const groups: string[] = [];
  for (const [id, own] of before) {
    const other = after.get(id);
    if (other === undefined) continue;
    a.costs.push(own.numerator);
    a.successes.push(own.denominator);
    b.costs.push(other.numerator);
    b.successes.push(other.denominator);
    groups.push(own.group);
  }
  const cases = groups.length;
  if (cases === 0) return null;
  const isEachItsOwn = new Set(groups).size === cases;
  const result = bootstrapLogCostRatio(a, b, isEachItsOwn ? null : groups, {
    seed: COMPARISON_SEED,
    resamples: resamplesFor(cases, rows),
    level,
  });
  return { result, base: total(a.costs) / total(a.successes), cases };
}

interface CaseSums {
  readonly group: string;
  numerator: number;
  denominator: number;
}

function sumsByCase(
  rows: readonly TrialRow[],
  { partsOf }: Extract<RunStatistic, { kind: "ratio" }>,
): ReadonlyMap<string, CaseSums> {
  const sums = new Map<string, CaseSums>();
  for (const row of rows) {
    const parts = partsOf(row);
    if (parts === null) continue;
    const known = sums.get(row.caseId) ?? { group: row.group, numerator: 0, denominator: 0 };
    known.numerator += parts.numerator;
    known.denominator += parts.denominator;
    sums.set(row.caseId, known);
  }
  return sums;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * Difference of any estimate of a run, with whole groups of cases resampled (percentile bootstrap). For metrics that
 * no sharper method fits.
 *
 * @param between - what is compared; default: candidate minus baseline; NaN where it does not exist
 */
export function compareByResampling(
  metric: RunMetric,
  rows: AlignedRows,
  level: number,
  between: (after: number, before: number) => number = (after, before) => after - before,
): Change {
  const estimateOf = (sample: readonly TrialRow[]) => metric.estimate(sample).value;
  const [before, after] = [estimateOf(rows.baseline), estimateOf(rows.candidate)];
  if (before === null || after === null) {
    return without(before === null ? "the baseline has no estimate" : "the candidate has no estimate");
  }
  const groups = groupsOf(rows);
  const size = rows.baseline.length + rows.candidate.length;
  const resamples =
    rows.resamples ?? Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MOST_ROWS_READ / size)));
  const random = new SeededRandom(COMPARISON_SEED);
  const differences: number[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const sample = drawn(groups, random);
    const [a, b] = [estimateOf(sample.baseline), estimateOf(sample.candidate)];
    if (a === null || b === null) continue;
    const difference = between(b, a);
    if (!Number.isNaN(difference)) differences.push(difference);
  }
  const sorted = Float64Array.from(differences).sort();
  const isEnough = groups.candidate.length >= 2 && differences.length >= resamples / 2;
  const tail = (1 - level) / 2;
  return {
    difference: {
      value: between(after, before),
      lower: isEnough ? quantileOfSorted(sorted, tail) : null,
      upper: isEnough ? quantileOfSorted(sorted, 1 - tail) : null,
      method: `bootstrap of groups (seed=${COMPARISON_SEED},resamples=${resamples})`,
      relative: relativeTo(before, after),
      n: Math.min(rows.baseline.length, rows.candidate.length),
      clusters: rows.design.clusters,
      ...(isEnough ? {} : { reason: "too few resamples have an estimate" }),
    },
    test: null,
    otherTests: [],
    pairs: null,
  };
}

interface Groups {
  /** Rows by group; paired: the same groups in the same order on both sides. */
  readonly baseline: readonly (readonly TrialRow[])[];
  readonly candidate: readonly (readonly TrialRow[])[];
  readonly isPaired: boolean;
}

function groupsOf(rows: AlignedRows): Groups {
  const [before, after] = [byGroup(rows.baseline), byGroup(rows.candidate)];
  const isPaired = rows.design.kind === "paired";
  if (!isPaired) return { baseline: [...before.values()], candidate: [...after.values()], isPaired };
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return {
    baseline: names.map((name) => before.get(name) ?? []),
    candidate: names.map((name) => after.get(name) ?? []),
    isPaired,
  };
}

function byGroup(rows: readonly TrialRow[]): ReadonlyMap<string, TrialRow[]> {
  const groups = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const known = groups.get(row.group);
    if (known === undefined) groups.set(row.group, [row]);
    else known.push(row);
  }
  return groups;
}

function drawn(groups: Groups, random: SeededRandom): Pick<AlignedRows, "baseline" | "candidate"> {
  const { baseline, candidate, isPaired } = groups;
  const draw = (count: number) => {
    const picks = new Int32Array(count);
    random.fillBelow(picks, count);
    return picks;
  };
  const first = draw(baseline.length);
  const second = isPaired ? first : draw(candidate.length);
  const taken = (side: readonly (readonly TrialRow[])[], picks: Int32Array) =>
    Array.from(picks).flatMap((pick) => side[pick] ?? []);
  return { baseline: taken(baseline, first), candidate: taken(candidate, second) };
}

/** Whether a metric is a run-level one: the others are compared by their scores. */
export function isRunMetric(metric: Metric): metric is RunMetric {
  return metric.level === "run";
}
