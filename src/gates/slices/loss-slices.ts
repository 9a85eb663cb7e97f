import { findReversals } from "../../comparison/compare-slices.js";
import type { AlignedRows } from "../../comparison/evidence.js";
import type { SliceGate } from "../../config/gates/gate-schema.js";
import { holm } from "../../stats/holm.js";
import {
  type BaselineDifference,
  baselineDifference,
  baselineReference,
  moreCases,
  shownDifference,
} from "../baseline/baseline-difference.js";
import { contrastOf, estimatesOf } from "../baseline/compared-metric.js";
import { judgedLoss, lossOf, requiredOf, verdictOnLoss } from "../baseline/judge-loss.js";
import { formatMargin, parseMargin } from "../baseline/margin.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";
import { findSlices, type Slice } from "./find-slices.js";
import type { JudgedSlice } from "./judged-slice.js";

/** Slices found in a run, the judge of each, and what is said of all cases together. */
export interface SliceJudge {
  readonly slices: readonly Slice[];
  readonly judge: (slice: Slice) => JudgedSlice;
  readonly whole: Pick<GateResult, "metric" | "estimate" | "baseline" | "difference" | "calibration">;
  /** Sentences that belong to the whole. */
  readonly notes: readonly string[];
}

/** A rule of no worse than a baseline, slice by slice; or why there is nothing to judge. */
export function lossSlices(
  rule: SliceGate,
  context: GateContext,
): SliceJudge | { readonly unknown: string; readonly whole: Partial<SliceJudge["whole"]> } {
  const margin = parseMargin(rule.margin ?? 0);
  const alpha = rule.alpha ?? context.rules.defaults.alpha;
  const reference = rule.no_worse_than ?? "baseline";
  const found = baselineDifference({ metric: rule.metric, reference, margin, alpha }, context);
  if ("unknown" in found) return { unknown: found.unknown, whole: found.shown };
  const { metric, baseline, rows } = found.compared;
  const cases = new Map([...baseline.cases, ...context.evidence.own.cases]);
  const level = 1 - 2 * alpha;
  const required = requiredOf(
    formatMargin(margin.amount, found.scale),
    metric.direction,
    baselineReference(reference, context.rules),
    alpha,
  );
  return {
    slices: findSlices(rows.candidate, cases, rule.by),
    judge: (slice) => {
      const own = onSlice(found, slice, 1 - context.rules.defaults.alpha);
      const judged = judgedLoss(own, margin.amount, alpha);
      const { contrast } = own;
      const { direction } = metric;
      return {
        result: {
          ...unjudged(rule, "no-worse", slice.name),
          ...own.shown,
          required,
          ...(contrast.value === null
            ? { verdict: "inconclusive", reason: `No difference: ${contrast.reason}.` }
            : judged),
        },
        failsAmong: (slices) => verdictOnLoss(contrast, direction, margin.amount, alpha / slices) === "fail",
        toFailAmong: (slices) => moreCases(own, lossOf(margin.amount, direction), alpha / slices),
      };
    },
    whole: { ...found.shown, difference: shownDifference(found, level, margin.amount, null) },
    notes: findReversals(metric, rows, cases, rule.by).map(({ message }) => `Simpson's paradox: ${message}.`),
  };
}

/** The difference on the cases of a slice alone. */
function onSlice(found: BaselineDifference, { caseIds }: Slice, level: number): BaselineDifference {
  const { compared, scale, shown } = found;
  const isIn = ({ caseId }: { readonly caseId: string }) => caseIds.has(caseId);
  const rows: AlignedRows = {
    design: { ...compared.rows.design, cases: caseIds.size },
    baseline: compared.rows.baseline.filter(isIn),
    candidate: compared.rows.candidate.filter(isIn),
  };
  const part = { ...compared, rows };
  const estimates = estimatesOf(part, level);
  return {
    compared: part,
    contrast: contrastOf(part, estimates, scale.isRelative),
    scale,
    shown: {
      ...shown,
      estimate: estimates.candidate,
      baseline: shown.baseline === null ? null : { ...shown.baseline, estimate: estimates.baseline },
    },
  };
}

/** The p of harm of each slice, Holm-adjusted over those that have one. */
export function withAdjustedP(results: readonly GateResult[]): GateResult[] {
  const adjusted = holm(results.map(({ difference }) => difference?.test?.statistics.pOfHarm ?? null));
  return results.map((result, index) => {
    const { difference } = result;
    const p = adjusted[index] ?? null;
    if (p === null || difference?.test === undefined || difference.test === null) return result;
    const statistics = { ...difference.test.statistics, adjustedPOfHarm: p };
    return { ...result, difference: { ...difference, test: { ...difference.test, statistics } } };
  });
}
