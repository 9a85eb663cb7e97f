import type { NoWorseGate } from "../../config/gates/gate-schema.js";
import type { MetricUnit } from "../../core/score.js";
import { baselineDifference, baselineReference } from "../baseline/baseline-difference.js";
import { judgedLoss, requiredOf } from "../baseline/judge-loss.js";
import { formatMargin, type Margin, parseMargin } from "../baseline/margin.js";
import { judgedDrop } from "../baseline/significant-drop-rule.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";

/** Of the rule of a significant drop, for metrics in 0 to 1; of all others, as a share of the baseline. */
const DEFAULT_DROP = 0.02;

/**
 * Judges whether a run is no worse than a baseline by more than a margin.
 *
 * - `non-inferiority`: the (1 - 2·alpha) interval of the difference must exclude a loss of the margin (pass), or hold larger
 *   losses only (fail); else inconclusive.
 * - `significant-drop`: fails when one-sided p < alpha and the drop exceeds the margin, both strictly; else passes, and says
 *   which drop it would have caught.
 *
 * For a metric of which less is better a loss is a rise. No baseline, no shared metric, no score: inconclusive.
 */
export function judgeNoWorse(rule: NoWorseGate, context: GateContext): GateResult {
  const { evidence, rules, name } = context;
  const metric = evidence.own.set.metrics.find((one) => one.name === rule.metric);
  const direction = metric?.direction ?? "higher";
  const unit = metric?.unit ?? "score";
  const alpha = rule.alpha ?? rules.defaults.alpha;
  const margin = lossMarginOf(rule, unit);
  const limit = formatMargin(margin.amount, { unit, isRelative: margin.isRelative });
  const reference = baselineReference(rule.no_worse_than, rules);
  const isDrop = rule.rule === "significant-drop";
  const result = {
    ...unjudged(rule, "no-worse", name),
    metric: rule.metric,
    required: isDrop
      ? `no ${direction === "higher" ? "drop" : "rise"} of more than ${limit} with p < ${alpha} against ${reference}`
      : requiredOf(limit, direction, reference, alpha),
  };
  const found = baselineDifference(
    { metric: rule.metric, reference: rule.no_worse_than, margin, alpha },
    context,
  );
  if ("unknown" in found)
    return { ...result, ...found.shown, verdict: "inconclusive", reason: found.unknown };
  const judged = isDrop ? judgedDrop(found, margin, alpha) : judgedLoss(found, margin.amount, alpha);
  return { ...result, ...found.shown, ...judged };
}

/** The margin of a rule; where it states none, that of a significant drop. */
export function lossMarginOf({ margin }: Pick<NoWorseGate, "margin">, unit: MetricUnit): Margin {
  if (margin !== undefined) return parseMargin(margin);
  return { amount: DEFAULT_DROP, isRelative: unit !== "proportion" && unit !== "score" };
}
