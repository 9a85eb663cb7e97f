import type { Estimate } from "../core/score.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import type { CaseMetric, Metric, TrialRow } from "../metrics/metric.js";
import { holm } from "../stats/holm.js";
import { caseValuesOf } from "./case-values.js";
import { compareDistribution, MEASUREMENTS, type Measurement } from "./compare-distributions.js";
import { type Change, comparePaired, compareUnpaired, type MeanOptions, without } from "./compare-means.js";
import { compareQuantiles } from "./compare-quantiles.js";
import { compareByResampling, compareRatios, isRunMetric } from "./compare-resampled.js";
import type { DistributionComparison, MetricComparison } from "./comparison.js";
import { estimateCases } from "./estimate-cases.js";
import { type AlignedRows, crashesAsFailures } from "./evidence.js";
import { distributionSentence, sentenceOf } from "./sentences.js";
import { verdictOf } from "./verdict.js";

/** How scores of a metric are compared by case. */
export function meanOptionsOf(metric: Metric, level: number): MeanOptions {
  if (!isRunMetric(metric)) {
    const { aggregate } = metric as CaseMetric;
    return { level, isRate: aggregate === "proportion", isTotal: aggregate === "sum" };
  }
  const kind = metric.statistic?.kind;
  return { level, isRate: metric.unit === "proportion", isTotal: kind === "sum" };
}

/** One metric in both runs by the test that fits it; quantiles are compared together. */
export function changeOf(metric: Metric, rows: AlignedRows, level: number): Change {
  const before = caseValuesOf(metric, rows.baseline);
  const after = caseValuesOf(metric, rows.candidate);
  if (before !== null && after !== null) {
    const compare = rows.design.kind === "paired" ? comparePaired : compareUnpaired;
    return compare(before, after, meanOptionsOf(metric, level));
  }
  if (!isRunMetric(metric) || metric.statistic?.kind === "pass") {
    return without("a case has too few scored trials");
  }
  const { statistic } = metric;
  const ratio =
    statistic?.kind === "ratio" && rows.design.kind === "paired"
      ? compareRatios(statistic, rows, level)
      : null;
  return ratio ?? compareByResampling(metric, rows, level);
}

/**
 * Rows that both estimates rest on: of paired runs, only cases that both have a score of; for a metric of success,
 * with crashed trials as failures.
 */
export function rowsFor(metric: Metric, rows: AlignedRows): AlignedRows {
  const counted = withCrashes(metric, rows);
  if (rows.design.kind === "unpaired") return counted;
  const before = casesWithValue(metric, rows.baseline);
  const after = casesWithValue(metric, rows.candidate);
  if (before === null || after === null) return counted;
  if (before.size === 0 || after.size === 0) return counted;
  if (before.size === rows.design.cases && after.size === rows.design.cases) return counted;
  const isShared = ({ caseId }: TrialRow) => before.has(caseId) && after.has(caseId);
  const hasShared = counted.baseline.some(isShared);
  if (!hasShared || (counted.baseline.every(isShared) && counted.candidate.every(isShared))) return counted;
  return {
    ...counted,
    baseline: counted.baseline.filter(isShared),
    candidate: counted.candidate.filter(isShared),
  };
}

/** Ids of the cases that enter a comparison case by case; `null` for a metric that takes all rows. */
function casesWithValue(
  metric: Metric,
  rows: readonly TrialRow[],
): Pick<ReadonlySet<string>, "has" | "size"> | null {
  const statistic = isRunMetric(metric) ? metric.statistic : undefined;
  if (statistic?.kind === "ratio") {
    const ids = new Set<string>();
    for (const row of rows) if (statistic.partsOf(row) !== null) ids.add(row.caseId);
    return ids;
  }
  return caseValuesOf(metric, rows);
}

/** No difference of a number that one of the runs does not have, such as a total with unknown parts. */
export function whyNotBoth(baseline: Estimate, candidate: Estimate): string | null {
  if (baseline.value !== null && candidate.value !== null) return null;
  const [name, { reason }] =
    baseline.value === null ? ["baseline", baseline] : (["candidate", candidate] as const);
  return `the ${name} has no estimate${reason === undefined ? "" : `: ${reason}`}`;
}

function withCrashes(metric: Metric, rows: AlignedRows): AlignedRows {
  const isSuccess =
    metric.name === TASK_SUCCESS || (isRunMetric(metric) && metric.statistic?.kind === "pass");
  return isSuccess
    ? {
        ...rows,
        baseline: crashesAsFailures(rows.baseline),
        candidate: crashesAsFailures(rows.candidate),
      }
    : rows;
}

/** The chance that 1 of 1 trials succeeds is the success rate once more. */
function isNews(metric: Metric): boolean {
  return !(isRunMetric(metric) && metric.statistic?.kind === "pass" && metric.statistic.k === 1);
}

/**
 * Every metric that has an estimate in either run, and every distribution. The primary metric is judged by its own p;
 * the other metrics by theirs, Holm-adjusted together, and so the distributions among themselves.
 */
export function compareMetrics(
  metrics: readonly Metric[],
  primary: Metric,
  rows: AlignedRows,
  level: number,
): {
  readonly metrics: readonly MetricComparison[];
  readonly distributions: readonly DistributionComparison[];
  readonly primaryChange: Change;
} {
  const quantiles = compareQuantiles(metrics, rows, level);
  const compared = metrics.filter(isNews).flatMap((metric) => {
    const counted = rowsFor(metric, rows);
    const { isTotal } = meanOptionsOf(metric, level);
    const baseline = estimateCases(metric, counted.baseline, level, isTotal);
    const candidate = estimateCases(metric, counted.candidate, level, isTotal);
    if (baseline.value === null && candidate.value === null && metric !== primary) return [];
    const found = quantiles.get(metric) ?? changeOf(metric, rows, level);
    const lacking = found.difference.value === null ? null : whyNotBoth(baseline, candidate);
    return [{ metric, baseline, candidate, change: lacking === null ? found : without(lacking) }];
  });
  const measured = MEASUREMENTS.flatMap((measurement) => {
    const found = compareDistribution(measurement, rows, level);
    return found === null ? [] : [{ measurement, found }];
  });
  const adjusted = holm(
    compared.map(({ metric, change }) => (metric === primary ? null : (change.test?.p ?? null))),
  );
  const adjustedRanks = holm(measured.map(({ found }) => found.test.p));
  const alpha = 1 - level;
  return {
    metrics: compared.map(({ metric, baseline, candidate, change }, index): MetricComparison => {
      const adjustedP = adjusted[index] ?? null;
      const p = metric === primary ? (change.test?.p ?? null) : adjustedP;
      const verdict = verdictOf(change.difference, p, metric.direction, alpha);
      const { name, layer, unit, direction, description } = metric;
      const { difference, pairs } = change;
      return {
        metric: name,
        layer,
        unit,
        direction,
        description,
        isPrimary: metric === primary,
        baseline,
        candidate,
        difference,
        test: change.test,
        otherTests: change.otherTests,
        adjustedP,
        verdict,
        sentence: sentenceOf({
          verdict,
          difference,
          unit,
          level,
          p: change.test?.p ?? null,
          adjustedP,
          pairs,
        }),
        pairs,
      };
    }),
    distributions: measured.map(({ measurement, found }, index) =>
      judged(measurement, found, adjustedRanks[index] ?? null, alpha),
    ),
    primaryChange: compared.find(({ metric }) => metric === primary)?.change ?? without("not scored"),
  };
}

function judged(
  { name, label, unit }: Measurement,
  found: NonNullable<ReturnType<typeof compareDistribution>>,
  adjustedP: number | null,
  alpha: number,
): DistributionComparison {
  const auc = found.test.statistics.auc ?? null;
  const shift = auc === null ? null : auc - 0.5;
  const verdict = verdictOf({ value: shift, lower: null, upper: null }, adjustedP, "lower", alpha);
  return {
    name,
    label,
    unit,
    ...found,
    adjustedP,
    verdict,
    sentence: distributionSentence({ ...found, unit }, verdict, adjustedP),
  };
}
