import type { SliceGate, ThresholdGate } from "../../config/gates/gate-schema.js";
import { estimateMetric } from "../../metrics/estimate.js";
import type { GateContext } from "../judge-gate.js";
import { judgedStanding } from "../kinds/judged-metric.js";
import { judgeThreshold } from "../kinds/threshold-gate.js";
import { findSlices } from "./find-slices.js";
import type { SliceJudge } from "./loss-slices.js";

/**
 * A threshold, slice by slice; or why there is nothing to judge. Intervals have the level of other thresholds, or that of
 * the one-sided `alpha` of the rule.
 */
export function thresholdSlices(
  rule: SliceGate,
  context: GateContext,
): SliceJudge | { readonly unknown: string; readonly whole: Partial<SliceJudge["whole"]> } {
  const { own, estimates, judged } = context.evidence;
  const { calibration, whyNot } = judgedStanding(rule.metric, judged.standings);
  const estimate = estimates.find(({ metric }) => metric === rule.metric) ?? null;
  const whole = { metric: rule.metric, estimate, baseline: null, difference: null, calibration };
  const metric = own.set.metrics.find(({ name }) => name === rule.metric);
  if (metric === undefined) return { unknown: `${rule.metric} was not measured in this run.`, whole };
  if (whyNot !== null) return { unknown: whyNot, whole };
  const error = rule.alpha === undefined ? context.rules.defaults.alpha : 2 * rule.alpha;
  const { severity, bound, min, max } = rule;
  const threshold: ThresholdGate = {
    metric: rule.metric,
    bound,
    severity,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
  return {
    slices: findSlices(own.rows, own.cases, rule.by),
    judge: ({ name, caseIds }) => {
      const rows = own.rows.filter(({ caseId }) => caseIds.has(caseId));
      const judgeAt = (level: number) => {
        const evidence = { ...context.evidence, estimates: [estimateMetric(metric, rows, level)] };
        return judgeThreshold(threshold, { ...context, evidence, name });
      };
      return {
        result: judgeAt(1 - error),
        failsAmong: bound === "estimate" ? null : (slices) => judgeAt(1 - error / slices).verdict === "fail",
        toFailAmong: () => null,
      };
    },
    whole,
    notes: [],
  };
}
