import { caseValuesOf } from "../../comparison/case-values.js";
import { meanOfCase } from "../../comparison/compare-means.js";
import { isRunMetric } from "../../comparison/compare-resampled.js";
import { formatAmount } from "../../comparison/sentences.js";
import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { Direction, Estimate } from "../../core/score.js";
import type { GateCase, GateDifference, GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { judgedStanding } from "../kinds/judged-metric.js";
import { MOST_CASES } from "../kinds/planned-cases.js";
import { type ComparedMetric, comparedMetric, contrastOf, estimatesOf } from "./compared-metric.js";
import type { Contrast, Limits } from "./contrast.js";
import { type DifferenceScale, formatDifference, type Margin } from "./margin.js";

/** What a rule against a baseline asks. */
export interface BaselineQuestion {
  readonly metric: string;
  /** As the rule names it. */
  readonly reference: string;
  readonly margin: Margin;
  /** One-sided, in (0, 0.5). */
  readonly alpha: number;
}

/** A difference that can be judged. */
export interface BaselineDifference {
  readonly compared: ComparedMetric;
  readonly contrast: Contrast;
  readonly scale: DifferenceScale;
  /** Parts of the result that every rule against a baseline has. */
  readonly shown: Pick<GateResult, "metric" | "estimate" | "baseline" | "calibration">;
}

/** What the file calls the baseline stands for `baseline` in a rule. */
export function baselineReference(named: string, rules: GatesConfig): string {
  return named === "baseline" ? rules.baseline : named;
}

/** Below this, an error rate says something. */
const USELESS_ALPHA = 0.5;

/**
 * Measures how a run differs from the one that a rule names, or says in one sentence why nobody can: no baseline, no shared
 * metric, no score, a judge that is not calibrated.
 */
export function baselineDifference(
  question: BaselineQuestion,
  { evidence, rules }: GateContext,
): BaselineDifference | { readonly unknown: string; readonly shown: Partial<BaselineDifference["shown"]> } {
  const { metric, alpha, margin } = question;
  const own = evidence.estimates.find((one) => one.metric === metric) ?? null;
  const { calibration, whyNot } = judgedStanding(metric, evidence.judged.standings);
  const known = { metric, estimate: own, calibration };
  const unknown = (reason: string) => ({ unknown: reason, shown: known });
  if (alpha >= USELESS_ALPHA) return unknown(`alpha is ${alpha}; wants one below ${USELESS_ALPHA}.`);
  const reference = baselineReference(question.reference, rules);
  const compared = comparedMetric(metric, evidence, reference);
  if ("missing" in compared) return unknown(compared.missing);
  const estimates = estimatesOf(compared, 1 - rules.defaults.alpha);
  const { run } = compared.baseline;
  const shown = {
    ...known,
    estimate: estimates.candidate,
    baseline: { reference, runId: run.id, agentVersion: run.agentVersion, estimate: estimates.baseline },
  };
  if (whyNot !== null) return { unknown: whyNot, shown };
  const contrast = contrastOf(compared, estimates, margin.isRelative);
  if (contrast.value === null) return { unknown: `No difference: ${contrast.reason}.`, shown };
  const scale = { unit: compared.metric.unit, isRelative: margin.isRelative };
  return { compared, contrast, scale, shown };
}

/** A difference as reports show it. */
export function shownDifference(
  { contrast, compared, scale }: BaselineDifference,
  level: number,
  margin: number,
  test: GateDifference["test"],
): GateDifference {
  const { value, n, clusters, method, relative, reason } = contrast;
  return {
    value,
    ...contrast.limitsAt(level),
    level,
    method,
    relative,
    n,
    clusters,
    ...(reason === null ? {} : { reason }),
    design: compared.rows.design.kind,
    margin,
    isRelative: scale.isRelative,
    test,
  };
}

/** What the candidate gained, whatever direction is good: a loss is negative. */
export function gainOf({ lower, upper }: Limits, direction: Direction): Limits {
  const negative = (limit: number | null) => (limit === null ? null : -limit);
  return direction === "higher" ? { lower, upper } : { lower: negative(upper), upper: negative(lower) };
}

/** Clusters below which limits are rough. */
const FEW_CLUSTERS = 10;

/** `84 % against 86 %: −2.0 points, 90 % −3.9 to −0.1 points (tango, 400 pairs of cases)`. */
export function measuredSentence(
  { contrast, compared, scale, shown }: BaselineDifference,
  level: number,
  margin: number,
): string {
  const { unit } = scale;
  const amount = (estimate: Estimate | null | undefined) =>
    estimate?.value === null || estimate?.value === undefined ? "?" : formatAmount(estimate.value, unit);
  const format = (limit: number | null) =>
    limit === null ? "no limit" : formatDifference(limit, scale, margin);
  const { lower, upper } = contrast.limitsAt(level);
  const percent = Number((level * 100).toPrecision(6));
  const unitInWords = / (points|%)$/;
  const from = lower === null || upper === null ? format(lower) : format(lower).replace(unitInWords, "");
  const limits = lower === null && upper === null ? "" : `, ${percent} % ${from} to ${format(upper)}`;
  const value = contrast.value === null ? "?" : formatDifference(contrast.value, scale, margin);
  const isPaired = compared.rows.design.kind === "paired";
  const counted = isQuantile(compared)
    ? "measurements"
    : isPaired
      ? "pairs of cases"
      : "cases or more in each run, which differ";
  const cases = `${contrast.n} ${counted}`;
  const groups = contrast.clusters < contrast.n ? ` in ${contrast.clusters} groups` : "";
  const few = contrast.clusters < FEW_CLUSTERS ? `, only ${contrast.clusters} groups: rough` : "";
  return `${amount(shown.estimate)} against ${amount(shown.baseline?.estimate)}: ${value}${limits} (${contrast.method}, ${cases}${groups}${few})`;
}

function isQuantile({ metric }: ComparedMetric): boolean {
  return isRunMetric(metric) && metric.statistic?.kind === "quantile";
}

/** What would settle it: more cases in the same proportions. */
export function moreCases(
  { contrast, compared }: BaselineDifference,
  delta: number,
  alpha: number,
): string | null {
  const needed = contrast.casesToExclude(delta, alpha);
  if (needed === null) return null;
  const { kind, cases } = compared.rows.design;
  // Of a quantile the measurements are counted, of which a case has any number.
  const casesPerUnit = isQuantile(compared) ? (kind === "paired" ? cases : cases / 2) / contrast.n : 1;
  const more = Math.max(1, Math.ceil((needed - contrast.n) * casesPerUnit));
  return `about ${more} more ${more === 1 ? "case" : "cases"}`;
}

/** The paired cases that got worse, the worst first, at most 50. */
export function worsenedCases({ compared }: BaselineDifference): GateCase[] {
  const { metric, rows } = compared;
  const [before, after] = [caseValuesOf(metric, rows.baseline), caseValuesOf(metric, rows.candidate)];
  if (rows.design.kind === "unpaired" || before === null || after === null) return [];
  const sign = metric.direction === "higher" ? 1 : -1;
  const found: { caseId: string; gain: number; note: string }[] = [];
  for (const [caseId, value] of before) {
    const other = after.get(caseId);
    if (other === undefined) continue;
    const [a, b] = [meanOfCase(value), meanOfCase(other)];
    const gain = sign * (b - a);
    if (gain >= 0) continue;
    found.push({
      caseId,
      gain,
      note: `${formatAmount(a, metric.unit)} before, ${formatAmount(b, metric.unit)} now`,
    });
  }
  return found
    .sort((a, b) => a.gain - b.gain)
    .slice(0, MOST_CASES)
    .map(({ caseId, note }) => ({ caseId, note }));
}
