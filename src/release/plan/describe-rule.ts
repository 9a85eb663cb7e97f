import { canaryMeasure } from "../../config/gates/canary-measures.js";
import { canaryThresholdWords } from "../../config/gates/canary-threshold.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { PlannedRule, PlannedRuleSight } from "../../report/canary-plan-document.js";
import type { RolloutRule } from "./release-plan.js";
import {
  type ArmSizes,
  conversationsToRuleOut,
  pooledSizes,
  provenDrop,
  type RateRule,
  ruledOutMargin,
} from "./rule-sight.js";

/** What is known of a measure on stable. */
export interface KnownMeasure {
  /** In [0, 1] for a rate. */
  readonly mean: number;
}

/** A step at a traffic. */
export interface Stage {
  readonly bps: number;
  readonly lengthMs: number;
  readonly sizes: ArmSizes;
}

interface RuleContext {
  readonly usual: readonly Stage[];
  readonly longest: readonly Stage[];
  readonly known: { readonly [measure: string]: KnownMeasure };
  readonly alpha: number;
  readonly beta: number;
  readonly perHour: number;
}

interface DescribedRule {
  readonly rule: PlannedRule;
  /** By step. */
  readonly sights: readonly PlannedRuleSight[];
  readonly refusal: string | null;
}

const HOUR_MS = 3_600_000;

/** What a rule can tell step by step, and why the plan must be refused for it. */
export function describeRule(rule: RolloutRule, context: RuleContext): DescribedRule {
  const facts = canaryMeasure(rule.measure);
  const unit = facts?.unit ?? "score";
  const known = context.known[rule.measure];
  const base = {
    measure: rule.measure,
    threshold: canaryThresholdWords(rule.threshold),
    mode: rule.mode,
    unit,
  };
  const planned = unit === "proportion" && known !== undefined ? rateRule(rule, known, context) : null;
  if (planned === null) {
    const blind = { measure: rule.measure, detectable: null, resolvesByEnd: false, resolvesByLongest: false };
    return {
      rule: {
        ...base,
        margin: marginOf(rule, known),
        rate: null,
        neededConversations: null,
        neededMs: null,
        resolvableMargin: null,
        resolvableMarginByLongest: null,
        note: whyNot(rule, unit),
      },
      sights: context.usual.map(() => blind),
      refusal: null,
    };
  }
  return rateFigures(rule, base, planned, known?.mean ?? 0, context);
}

function rateFigures(
  rule: RolloutRule,
  base: Pick<PlannedRule, "measure" | "threshold" | "mode" | "unit">,
  planned: RateRule,
  rate: number,
  context: RuleContext,
): DescribedRule {
  const { usual, longest, perHour } = context;
  const margins = (stages: readonly Stage[]) =>
    stages.map((_, step) => ruledOutMargin(planned, controlledSizes(stages, step)));
  const [byEnd, byLongest] = [margins(usual), margins(longest)];
  const isEnough = (margin: number | null | undefined) =>
    margin !== null && margin !== undefined && margin <= planned.margin;
  const last = usual.findLast(({ bps }) => bps < ALL_BPS);
  const share = (last?.bps ?? ALL_BPS / 2) / ALL_BPS;
  const needed = Math.ceil(conversationsToRuleOut(planned, (1 - share) / share));
  const neededMs = (needed / (perHour * share)) * HOUR_MS;
  const atLongest = byLongest.at(-1) ?? null;
  const isRefused = rule.mode === "enforce" && !isEnough(atLongest);
  return {
    rule: {
      ...base,
      margin: planned.margin,
      rate,
      neededConversations: needed,
      neededMs,
      resolvableMargin: byEnd.at(-1) ?? null,
      resolvableMarginByLongest: atLongest,
      note: null,
    },
    sights: usual.map((_, step) => ({
      measure: rule.measure,
      detectable: provenDrop(planned, controlledSizes(usual, step)),
      resolvesByEnd: isEnough(byEnd[step]),
      resolvesByLongest: isEnough(byLongest[step]),
    })),
    refusal: isRefused
      ? refusalText(rule, planned, { needed, neededMs, share, atLongest, hasControl: last !== undefined })
      : null,
  };
}

interface Missing {
  readonly needed: number;
  readonly neededMs: number;
  readonly share: number;
  readonly atLongest: number | null;
  readonly hasControl: boolean;
}

function refusalText({ measure }: RolloutRule, { margin }: RateRule, missing: Missing): string {
  if (!missing.hasControl) {
    return `${measure}: no step has a control, since all have 100 % of the traffic; add one of at most 50 %`;
  }
  const { needed, neededMs, share, atLongest } = missing;
  const hours = Number((neededMs / HOUR_MS).toFixed(1));
  const most = atLongest === null ? "no margin at all" : `${points(atLongest)} at the least`;
  const ways = [
    "a longer `max_bake` there",
    ...(share < 0.5 ? ["more traffic there, up to 50 %"] : []),
    ...(atLongest === null ? [] : [`a margin of ${points(Math.ceil(atLongest * 200) / 200)}`]),
    "`mode: observe`",
  ];
  return `${measure}: no step can tell a margin of ${points(margin)}: by the longest bake the plan rules out ${most}. It takes about ${needed.toLocaleString("en-US")} conversations of the canary at ${Number((share * 100).toFixed(2))} % of the traffic, the last step with a control (${hours} h); give ${ways.slice(0, -1).join(", ")} or ${ways.at(-1)}`;
}

function points(share: number): string {
  const value = Number((share * 100).toFixed(1));
  return `${value} ${value === 1 ? "point" : "points"}`;
}

/** The rate turned so that a drop is the harm. */
function rateRule(rule: RolloutRule, known: KnownMeasure, { alpha, beta }: RuleContext): RateRule | null {
  const margin = marginOf(rule, known);
  if (margin === null) return null;
  const goodRate = rule.threshold.change === "drop" ? known.mean : 1 - known.mean;
  return { goodRate, margin: Math.min(1, margin), alpha: alpha / 2, beta };
}

/** The threshold in the measure's unit, as `decide` reads it; `null` when it needs a value that is not known. */
function marginOf({ measure, threshold }: RolloutRule, known: KnownMeasure | undefined): number | null {
  const { unit, amount, per } = threshold;
  if (unit === "percent") {
    if (canaryMeasure(measure)?.unit === "proportion") return amount / 100;
    return known === undefined ? null : (amount / 100) * Math.abs(known.mean);
  }
  if (per !== null) return amount / per.count;
  return unit === "count" && canaryMeasure(measure)?.unit !== "score" ? null : amount;
}

function whyNot({ measure }: RolloutRule, unit: PlannedRule["unit"]): string {
  if (unit === "count")
    return "rare events: none of them proves little, see the bound of each step; one that is critical acts at once";
  if (unit === "ms")
    return "depends on the shape of the times: `agentctl canary simulate` tells it from stored runs";
  if (unit === "proportion") return `the rate of ${measure} on stable is not known; give --stable-run`;
  return "depends on the spread of the values: `agentctl canary simulate` tells it from stored runs";
}

/** Of all steps that have a control, up to and with one. */
function controlledSizes(stages: readonly Stage[], upTo: number): ArmSizes {
  const controlled = stages.slice(0, upTo + 1).filter(({ bps }) => bps < ALL_BPS);
  return pooledSizes(controlled.map(({ sizes }) => sizes));
}
