import type { BetterGate } from "../../config/gates/gate-schema.js";
import type { Direction, Verdict } from "../../core/score.js";
import {
  type BaselineDifference,
  baselineDifference,
  baselineReference,
  gainOf,
  measuredSentence,
  moreCases,
  shownDifference,
} from "../baseline/baseline-difference.js";
import type { Contrast } from "../baseline/contrast.js";
import { openEnd } from "../baseline/judge-loss.js";
import { formatMargin, parseMargin } from "../baseline/margin.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";

/** Rounding of a sum must not move a limit over a margin that it equals. */
const ROUNDING = 1e-12;

/**
 * Judges whether a run is better than a baseline by more than a margin (default 0): `pass` when the whole (1 - 2·alpha)
 * interval of the gain lies above it, `fail` when none of it does, else `inconclusive`. For a metric of which less is better
 * a gain is a fall.
 */
export function judgeBetter(rule: BetterGate, context: GateContext): GateResult {
  const { evidence, rules, name } = context;
  const metric = evidence.own.set.metrics.find((one) => one.name === rule.metric);
  const margin = parseMargin(rule.margin ?? 0);
  const alpha = rule.alpha ?? rules.defaults.alpha;
  const reference = baselineReference(rule.better_than, rules);
  const limit = formatMargin(margin.amount, { unit: metric?.unit ?? "score", isRelative: margin.isRelative });
  const side = metric?.direction === "lower" ? "below" : "above";
  const by = margin.amount === 0 ? "" : `more than ${limit} `;
  const result = {
    ...unjudged(rule, "better", name),
    metric: rule.metric,
    required: `${by}${side} ${reference}, with ${Number(((1 - alpha) * 100).toPrecision(6))} % confidence`,
  };
  const found = baselineDifference(
    { metric: rule.metric, reference: rule.better_than, margin, alpha },
    context,
  );
  if ("unknown" in found)
    return { ...result, ...found.shown, verdict: "inconclusive", reason: found.unknown };
  return { ...result, ...found.shown, ...judgedGain(found, margin.amount, alpha, limit) };
}

/**
 * @param margin - at least 0, in the unit of the contrast
 * @param alpha - one-sided, in (0, 0.5)
 */
export function verdictOnGain(
  contrast: Pick<Contrast, "limitsAt">,
  direction: Direction,
  margin: number,
  alpha: number,
): Exclude<Verdict, "error"> {
  const { lower, upper } = gainOf(contrast.limitsAt(1 - 2 * alpha), direction);
  const slack = ROUNDING * Math.max(1, margin);
  if (lower !== null && lower > margin + slack) return "pass";
  return upper !== null && upper <= margin + slack ? "fail" : "inconclusive";
}

function judgedGain(
  found: BaselineDifference,
  margin: number,
  alpha: number,
  limit: string,
): Pick<GateResult, "difference" | "verdict" | "reason" | "toSettle"> {
  const { contrast, compared } = found;
  const { direction } = compared.metric;
  const level = 1 - 2 * alpha;
  const verdict = verdictOnGain(contrast, direction, margin, alpha);
  const isHigher = direction === "higher";
  const target = isHigher ? margin : -margin;
  const toSettle = verdict === "inconclusive" ? moreCases(found, target, alpha) : null;
  const p = contrast.pBeyond(target, isHigher ? "above" : "below");
  const test = p === null ? null : { name: `superiority (${contrast.method})`, statistics: {}, p };
  const gain = margin === 0 ? "a gain" : `a gain of more than ${limit}`;
  const conclusion =
    verdict === "pass"
      ? `${gain} is shown`
      : verdict === "fail"
        ? `${gain} is excluded`
        : openEnd(contrast, level, margin === 0 ? "no gain" : `a gain of ${limit}`, toSettle);
  return {
    difference: shownDifference(found, level, margin, test),
    verdict,
    reason: `${measuredSentence(found, level, margin)}; ${conclusion}.`,
    toSettle,
  };
}
