import { type CaseValues, caseValuesOf } from "../../comparison/case-values.js";
import { meanOptionsOf, rowsFor, whyNotBoth } from "../../comparison/compare-metrics.js";
import { isRunMetric } from "../../comparison/compare-resampled.js";
import { estimateCases } from "../../comparison/estimate-cases.js";
import { type AlignedRows, alignRuns, type RunEvidence } from "../../comparison/evidence.js";
import type { Estimate } from "../../core/score.js";
import type { CaseMetric, Metric, TrialRow } from "../../metrics/metric.js";
import type { GateEvidence } from "../gate-evidence.js";
import { pairedContrast, unpairedContrast } from "./case-contrast.js";
import { type Contrast, noContrast } from "./contrast.js";
import { amountRatio, runContrast } from "./run-contrast.js";

/** One metric in two runs. */
export interface ComparedMetric {
  readonly metric: Metric;
  readonly baseline: RunEvidence;
  readonly rows: AlignedRows;
}

/**
 * The metric in the run and in the run that a rule compares with, or one sentence why it cannot be compared.
 *
 * @param reference - as the rule names it, `baseline` replaced by that of the file
 */
export function comparedMetric(
  name: string,
  evidence: GateEvidence,
  reference: string,
): ComparedMetric | { readonly missing: string } {
  const lookup = evidence.baselineOf(reference);
  if ("missing" in lookup) return lookup;
  const baseline = lookup.found;
  const metric = evidence.own.set.metrics.find((one) => one.name === name);
  if (metric === undefined) return { missing: `${name} was not measured in this run.` };
  if (!baseline.set.metrics.some((one) => one.name === name)) {
    return { missing: `${name} was not measured in the baseline ${reference}: score it there, too.` };
  }
  const versions = [evidence.own, baseline].map(
    ({ run }) => run.judges.find((judge) => judge.metric === name)?.version ?? null,
  );
  if (versions[0] !== versions[1]) {
    return {
      missing: `${name} was given by another version of the judge in the baseline ${reference}: score both with one.`,
    };
  }
  return { metric, baseline, rows: alignedRows(baseline, evidence.own) };
}

const aligned = new WeakMap<readonly TrialRow[], WeakMap<readonly TrialRow[], AlignedRows>>();

/** Joined once for the same rows: every rule asks for it. */
function alignedRows(baseline: RunEvidence, own: RunEvidence): AlignedRows {
  const known = aligned.get(own.rows) ?? new WeakMap<readonly TrialRow[], AlignedRows>();
  aligned.set(own.rows, known);
  const rows = known.get(baseline.rows) ?? alignRuns(baseline, own);
  known.set(baseline.rows, rows);
  return rows;
}

interface Estimates {
  readonly baseline: Estimate;
  readonly candidate: Estimate;
}

/** What was found of the same rows: several rules, and every slice, ask again. */
const found = new WeakMap<AlignedRows, Map<string, Estimates | Contrast>>();

function once<Found extends Estimates | Contrast>(rows: AlignedRows, key: string, find: () => Found): Found {
  const known = found.get(rows) ?? new Map<string, Estimates | Contrast>();
  found.set(rows, known);
  const value = (known.get(key) as Found | undefined) ?? find();
  known.set(key, value);
  return value;
}

/** Estimates over the rows that the comparison rests on. */
export function estimatesOf(
  { metric, rows }: Pick<ComparedMetric, "metric" | "rows">,
  level: number,
): Estimates {
  return once(rows, `${metric.name} at ${level}`, () => measuredEstimates(metric, rows, level));
}

function measuredEstimates(metric: Metric, rows: AlignedRows, level: number): Estimates {
  const counted = rowsFor(metric, rows);
  const { isTotal } = meanOptionsOf(metric, level);
  return {
    baseline: estimateCases(metric, counted.baseline, level, isTotal),
    candidate: estimateCases(metric, counted.candidate, level, isTotal),
  };
}

/**
 * How the runs differ in a metric, by the method that its design wants.
 *
 * @param estimates - of the same rows: without one of them there is no difference
 */
export function contrastOf(
  { metric, rows }: Pick<ComparedMetric, "metric" | "rows">,
  estimates: Estimates,
  isRelative: boolean,
): Contrast {
  const key = `${metric.name}, ${isRelative ? "ratio" : "difference"}`;
  return once(rows, key, () => measuredContrast(metric, rows, estimates, isRelative));
}

/**
 * The same of a metric of trials, which needs no estimates: one of them is missing only where no case has a value.
 *
 * @returns `null` for a metric of whole runs
 */
export function caseContrastOf(
  { metric, rows }: Pick<ComparedMetric, "metric" | "rows">,
  isRelative: boolean,
): Contrast | null {
  if (isRunMetric(metric)) return null;
  const before = caseValuesOf(metric, rows.baseline);
  const after = caseValuesOf(metric, rows.candidate);
  return before === null || after === null ? null : ofCases(metric, rows, before, after, isRelative);
}

function measuredContrast(
  metric: Metric,
  rows: AlignedRows,
  estimates: Estimates,
  isRelative: boolean,
): Contrast {
  const lacking = whyNotBoth(estimates.baseline, estimates.candidate);
  if (lacking !== null) return noContrast(lacking);
  const before = caseValuesOf(metric, rows.baseline);
  const after = caseValuesOf(metric, rows.candidate);
  if (before !== null && after !== null) return ofCases(metric, rows, before, after, isRelative);
  if (!isRunMetric(metric) || metric.statistic?.kind === "pass") {
    return noContrast("a case has too few scored trials");
  }
  return runContrast(metric, rows, isRelative);
}

function ofCases(
  metric: Metric,
  rows: AlignedRows,
  before: CaseValues,
  after: CaseValues,
  isRelative: boolean,
): Contrast {
  const { isRate, isTotal } = meanOptionsOf(metric, 0.9);
  const isPaired = rows.design.kind === "paired";
  if (isPaired && isRelative && (isTotal || isAmount(metric)))
    return amountRatio(before, after, isTotal, rows);
  const compare = isPaired ? pairedContrast : unpairedContrast;
  return compare(before, after, { isRelative, isRate, isTotal, span: spanOf(metric) });
}

function isAmount({ unit }: Metric): boolean {
  return unit === "usd" || unit === "tokens" || unit === "ms" || unit === "count";
}

/** By how much two values of the metric can differ; `null` when nothing bounds them. */
function spanOf(metric: Metric): number | null {
  if (metric.unit === "proportion" || metric.unit === "score") return 1;
  const scale = isRunMetric(metric) ? undefined : (metric as CaseMetric).scale;
  return metric.unit === "rating" && scale !== undefined ? scale.max - scale.min : null;
}
