import type { RunEvidence } from "../../comparison/evidence.js";
import { formatQuantity, formatThreshold } from "../../core/quantity.js";
import type { Estimate } from "../../core/score.js";
import type { GateReport, GateResult } from "../gate-report.js";
import { comparisonWithBaseline, explainDifference } from "./explain-difference.js";
import { explainInterval } from "./explain-interval.js";
import type { ExplainedStep, GateExplanation } from "./gate-explanation.js";
import { num } from "./numbers.js";

/** As in the judgement itself: rounding of a sum must not make a value miss a threshold that it lies on. */
const ROUNDING = 1e-12;

/** What the arithmetic of a gate rests on. */
export interface ExplainContext {
  readonly own: RunEvidence;
  /** The run that a gate names as its baseline; `null` where there is none. */
  readonly baselineOf: (reference: string) => RunEvidence | null;
}

/**
 * How a gate came to its verdict, step by step: what was counted, the interval with its numbers put in, the comparison,
 * and what the verdict does to the run. Parts are explained each by itself.
 */
export function explainGate(result: GateResult, context: ExplainContext): GateExplanation {
  const { name, kind, required, verdict, reason, toSettle } = result;
  const { own, baselineOf } = context;
  const found = result.baseline === null ? null : baselineOf(result.baseline.reference);
  const interval = result.estimate === null ? null : explainInterval(result.estimate);
  return {
    name,
    kind,
    required,
    verdict,
    reason,
    toSettle,
    steps: [
      ...(result.estimate === null ? [] : [dataOf(result.estimate)]),
      ...(interval === null ? [] : [interval]),
      ...explainDifference(result, own, found),
      ...calibrationOf(result),
      ...casesOf(result),
      ...comparisonOf(result),
    ],
    parts: result.parts.map((part) => explainGate(part, context)),
  };
}

/** The result of that name in a report: a gate, or a part of one. */
export function findGate(report: Pick<GateReport, "results">, name: string): GateResult | null {
  const queue = [...report.results];
  for (const result of queue) {
    if (result.name === name) return result;
    queue.push(...result.parts);
  }
  return null;
}

function dataOf(estimate: Estimate): ExplainedStep {
  const { metric, value, unit, n, clusters, unscored, reason } = estimate;
  const missing = Object.entries(unscored).map(([why, count]) => `${count} not scored: ${why}`);
  return {
    title: `Measured: ${metric}`,
    lines: [
      `${n} scored, in ${clusters} independent groups`,
      ...missing,
      value === null
        ? `value = none${reason === undefined ? "" : `: ${reason}`}`
        : `value = ${formatQuantity(value, unit)}${unit === "proportion" && Number.isInteger(Number((value * n).toFixed(9))) ? ` = ${Math.round(value * n)} / ${n}` : ""}`,
    ],
  };
}

function calibrationOf({ calibration }: GateResult): ExplainedStep[] {
  if (calibration === null) return [];
  const { judge, kappa, lower, upper, n, floor, at, expiresAt, verdict } = calibration;
  const shown = (number: number | null) => (number === null ? "none" : num(number));
  return [
    {
      title: `Calibration of the judge ${judge}`,
      lines: [
        `kappa = ${shown(kappa)} [${shown(lower)}, ${shown(upper)}] on ${n} labelled items; the lower limit must reach ${num(floor)}`,
        `${verdict} on ${at.slice(0, 10)}, until ${expiresAt.slice(0, 10)}${calibration.hasExpired ? ", which is over" : ""}`,
      ],
    },
  ];
}

function casesOf({ cases }: GateResult): ExplainedStep[] {
  if (cases.length === 0) return [];
  return [{ title: "Cases", lines: cases.map(({ caseId, note }) => `${caseId}: ${note}`) }];
}

function comparisonOf(result: GateResult): ExplainedStep[] {
  const lines = [...thresholdLines(result), ...comparisonWithBaseline(result)];
  const { parts } = result;
  if (parts.length > 0) {
    const counts = (["pass", "fail", "inconclusive"] as const).map(
      (verdict) => `${parts.filter((part) => part.verdict === verdict).length} ${verdict}`,
    );
    lines.push(`${parts.length} parts: ${counts.join(", ")}`);
  }
  return [{ title: `Required: ${result.required}`, lines }];
}

function thresholdLines({ estimate, bound, min, max }: GateResult): string[] {
  if (estimate === null || estimate.value === null) return [];
  const compared = bound === "estimate" ? estimate.value : estimate[bound];
  const name = bound === "estimate" ? "value" : `${bound} limit`;
  const line = (threshold: number, sign: "≥" | "≤") => {
    if (compared === null)
      return `there is no ${name} to hold against ${formatThreshold(threshold, estimate.unit)}`;
    const slack = ROUNDING * Math.max(1, Math.abs(threshold));
    const holds = sign === "≥" ? compared >= threshold - slack : compared <= threshold + slack;
    return `${name} ${num(compared)} ${sign} ${num(threshold)}: ${holds ? "yes" : "no"}`;
  };
  return [...(min === null ? [] : [line(min, "≥")]), ...(max === null ? [] : [line(max, "≤")])];
}
