import type { ThresholdGate } from "../../config/gates/gate-schema.js";
import { formatAgainst, formatQuantity, formatThreshold } from "../../core/quantity.js";
import type { Estimate, Verdict } from "../../core/score.js";
import { ENOUGH_ALIKE, showsNoVariance, TOO_FEW_ALIKE } from "../baseline/contrast.js";
import type { GateEvidence } from "../gate-evidence.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { evidenceToSettle, type MoreEvidence } from "../trials-to-settle.js";
import { unjudged } from "../unjudged.js";
import { judgedStanding } from "./judged-metric.js";

interface Side {
  readonly kind: "min" | "max";
  readonly threshold: number;
}

/** What it takes of the context of other kinds. */
interface ThresholdContext extends Pick<GateContext, "name"> {
  readonly evidence: Pick<GateEvidence, "estimates"> & {
    readonly judged: Pick<GateEvidence["judged"], "standings">;
  };
}

interface Judgement {
  readonly verdict: Exclude<Verdict, "error">;
  readonly reason: string;
  /** Where the interval straddles the threshold: how much more would settle it. */
  readonly more?: MoreEvidence | null;
}

const SEVERITY_ORDER = ["fail", "inconclusive", "pass"] as const;
const BOUND_NAMES = { estimate: "estimate", lower: "lower bound", upper: "upper bound" } as const;

/** Methods whose limits rest on how much values differ: where none do, they have no width. */
const BY_SPREAD = /^(clustered-)?t\b|^ratio-linearised/;

/**
 * Rounding of a sum may move a mean by a few units in the last place: a mean of exactly 0.85 must not miss a
 * floor of 0.85. Relative to the threshold, or absolute where that is below 1.
 */
const ROUNDING = 1e-12;

/**
 * Judges one rule on the estimate of its metric.
 *
 * `min` passes at or above the threshold, `max` at or below it; both given: both must hold. With
 * `bound: estimate` the value alone decides. With `bound: lower` or `upper` the rule passes when that limit
 * clears the threshold, fails when the whole interval misses it, and is inconclusive in between. No estimate,
 * no value, no number or no limit: inconclusive, never a pass. A metric of a judge is inconclusive whatever its value,
 * unless the version of the judge that gave it is calibrated against people, and the calibration has not expired.
 */
export function judgeThreshold(rule: ThresholdGate, { evidence, name }: ThresholdContext): GateResult {
  const estimate = evidence.estimates.find(({ metric }) => metric === rule.metric) ?? null;
  const sides = sidesOf(rule);
  const unit = estimate?.unit ?? "score";
  const prefix = rule.bound === "estimate" ? "" : `${BOUND_NAMES[rule.bound]} `;
  const required = sides
    .map(({ kind, threshold }) => `${kind === "min" ? ">=" : "<="} ${formatThreshold(threshold, unit)}`)
    .join(" and ");
  const { calibration, whyNot } = judgedStanding(rule.metric, evidence.judged.standings);
  const { verdict, reason, more } = judge(rule, estimate, sides, whyNot);
  return {
    ...unjudged(rule, "threshold", name),
    metric: rule.metric,
    required: prefix + required,
    min: rule.min ?? null,
    max: rule.max ?? null,
    bound: rule.bound,
    estimate,
    calibration,
    verdict,
    reason,
    toSettle: more === undefined || more === null ? null : moreInWords(more),
  };
}

function sidesOf(rule: ThresholdGate): Side[] {
  const sides: Side[] = [];
  if (rule.min !== undefined) sides.push({ kind: "min", threshold: rule.min });
  if (rule.max !== undefined) sides.push({ kind: "max", threshold: rule.max });
  return sides;
}

function judge(
  rule: ThresholdGate,
  estimate: Estimate | null,
  sides: readonly Side[],
  whyNot: string | null,
): Judgement {
  if (estimate === null) {
    return { verdict: "inconclusive", reason: `${rule.metric} was not measured in this run.` };
  }
  if (estimate.value === null || !Number.isFinite(estimate.value)) {
    const why = estimate.reason ?? "no trial gave a score";
    return { verdict: "inconclusive", reason: `No value: ${why}. ${unscoredSentence(estimate)}`.trim() };
  }
  if (whyNot !== null) {
    return { verdict: "inconclusive", reason: `${unscoredSentence(estimate)} ${whyNot}`.trim() };
  }
  const value = estimate.value;
  const judgements = sides.map((side) => judgeSide(rule, estimate, value, side));
  const verdict =
    SEVERITY_ORDER.find((level) => judgements.some((one) => one.verdict === level)) ?? "inconclusive";
  const deciding = judgements.filter((one) => one.verdict === verdict);
  const reasons = deciding.map((one) => one.reason);
  const needs = deciding.map((one) => one.more ?? null);
  return {
    verdict,
    reason: `${reasons.join(" ")} ${unscoredSentence(estimate)}`.trim(),
    // Of two sides that are open, the one that takes longer settles the rule.
    more: needs.includes(null)
      ? null
      : needs.reduce((most, one) => ((one?.count ?? 0) > (most?.count ?? 0) ? one : most), null),
  };
}

function judgeSide(rule: ThresholdGate, estimate: Estimate, value: number, side: Side): Judgement {
  const { unit } = estimate;
  const wanted = `${side.kind === "min" ? "at least" : "at most"} ${formatThreshold(side.threshold, unit)}`;
  const shown = (number: number) => formatAgainst(number, side.threshold, unit);
  if (rule.bound === "estimate") {
    const verdict = clears(value, side) ? "pass" : "fail";
    return { verdict, reason: `Measured ${shown(value)}, wanted ${wanted}.` };
  }
  const name = BOUND_NAMES[rule.bound];
  if (
    estimate.clusters < ENOUGH_ALIKE &&
    BY_SPREAD.test(estimate.method) &&
    showsNoVariance(widthOf(estimate), value)
  ) {
    return { verdict: "inconclusive", reason: `There is no ${name}: ${TOO_FEW_ALIKE}.` };
  }
  const limit = finite(estimate[rule.bound]);
  if (limit !== null && clears(limit, side)) {
    return { verdict: "pass", reason: `The ${name} is ${shown(limit)}, wanted ${wanted}.` };
  }
  const best = finite(side.kind === "min" ? estimate.upper : estimate.lower);
  if (best !== null && !clears(best, side)) {
    const place = side.kind === "min" ? "below" : "above";
    const reason = `The whole interval lies ${place}: its ${side.kind === "min" ? "upper" : "lower"} limit is ${shown(best)}, wanted ${wanted}.`;
    return { verdict: "fail", reason };
  }
  if (limit === null) {
    const why = estimate.reason ?? `${estimate.n} scored trials are too few for one`;
    return { verdict: "inconclusive", reason: `There is no ${name}: ${why}.` };
  }
  const interval = `[${edge(estimate.lower, unit)}, ${edge(estimate.upper, unit)}]`;
  const more = evidenceToSettle(estimate, side.threshold);
  const forecast =
    more === null
      ? "how many more trials would settle it cannot be said"
      : `${moreInWords(more)} would settle it`;
  const reason = `The interval ${interval} straddles ${formatThreshold(side.threshold, unit)}; ${forecast}.`;
  return { verdict: "inconclusive", reason, more };
}

function widthOf({ lower, upper }: Estimate): number | null {
  return lower === null || upper === null ? null : upper - lower;
}

function clears(number: number, side: Side): boolean {
  const slack = ROUNDING * Math.max(1, Math.abs(side.threshold));
  return side.kind === "min" ? number >= side.threshold - slack : number <= side.threshold + slack;
}

function finite(number: number | null): number | null {
  return number !== null && Number.isFinite(number) ? number : null;
}

function edge(limit: number | null, unit: Estimate["unit"]): string {
  return limit === null ? "none" : formatQuantity(limit, unit);
}

function moreInWords({ count, of }: MoreEvidence): string {
  return `about ${count} more ${count === 1 ? of.slice(0, -1) : of} at the same rate`;
}

function unscoredSentence(estimate: Estimate): string {
  const unscored = Object.values(estimate.unscored).reduce((sum, count) => sum + count, 0);
  if (unscored === 0) return "";
  const were = (count: number) => (count === 1 ? "was" : "were");
  const trials = estimate.n === 1 ? "trial" : "trials";
  return `${estimate.n} ${trials} ${were(estimate.n)} scored, ${unscored} ${were(unscored)} not.`;
}
