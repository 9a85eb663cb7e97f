import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import type { ReleaseConfig } from "../../config/release/release-schema.js";
import { ALL_BPS } from "../../core/traffic-split.js";
import type { CanaryPlanReport, PlannedStepSight } from "../../report/canary-plan-document.js";
import { alphaOfRule } from "./alpha-of-rule.js";
import { bakeText } from "./bake-text.js";
import { describeRule, type KnownMeasure, type Stage } from "./describe-rule.js";
import { planOfPolicy } from "./make-plan.js";
import { notesOfPolicy, problemsOfPolicy } from "./policy-problems.js";
import type { PlannedStep } from "./release-plan.js";

/** What a plan is made for. */
export interface PlanAssumptions {
  /** Units (conversations, users or tenants) that begin in an hour, above 0. */
  readonly perHour: number;
  readonly trafficSource: string;
  readonly stableRate: number;
  readonly stableRateSource: string;
  /** What is known of stable, by measure. */
  readonly known: { readonly [measure: string]: KnownMeasure };
  /** Mean cost of a conversation; `null`: not known. */
  readonly costUsd: number | null;
}

const HOUR_MS = 3_600_000;
const POWER = 0.8;

/**
 * What a rollout by a policy can tell, how long it takes at a traffic, and whether it can tell what it is to tell. A rule
 * that is open holds up the last step that has a control; one that cannot be decided there by the longest bake is refused.
 */
export function describePlan(
  policy: CanaryConfig,
  config: ReleaseConfig,
  assumed: PlanAssumptions,
): CanaryPlanReport {
  const problems = problemsOfPolicy(policy);
  const { steps, rules } = planOfPolicy(policy);
  const alpha = alphaOfRule(policy.alpha, rules);
  const usual = stagesOf(steps, (step) => lasts(step, assumed.perHour) ?? step.maxBakeMs, assumed.perHour);
  const longest = stagesOf(steps, ({ maxBakeMs }) => maxBakeMs, assumed.perHour);
  const described = rules.map((rule) =>
    describeRule(rule, {
      usual,
      longest,
      known: assumed.known,
      alpha,
      beta: policy.alpha,
      perHour: assumed.perHour,
    }),
  );
  const sights = steps.map((step, index) => sightOf(step, index, assumed.perHour, usual, described));
  const times = sights.map(({ lastsMs }) => lastsMs);
  const last = steps.at(-1);
  const exposed = usual.reduce((sum, { sizes }) => sum + sizes.canary, 0);
  return {
    service: config.service,
    unit: config.key,
    perHour: assumed.perHour,
    trafficSource: assumed.trafficSource,
    stableRate: assumed.stableRate,
    stableRateSource: assumed.stableRateSource,
    alpha: policy.alpha,
    alphaOfRule: alpha,
    power: POWER,
    steps: sights,
    rules: described.map(({ rule }) => rule),
    lastsMs: times.reduce<number | null>(
      (sum, ms) => (sum === null || ms === null ? null : sum + ms),
      policy.watch,
    ),
    longestMs: steps.reduce((sum, { maxBakeMs }) => sum + maxBakeMs, policy.watch),
    exposedConversations: Math.round(exposed),
    canaryCostUsd: assumed.costUsd === null ? null : assumed.costUsd * exposed,
    extraCapacity: last === undefined ? 0 : last.bps / ALL_BPS,
    refusals: [
      ...problems,
      ...described.flatMap(({ refusal }) => (refusal === null ? [] : [refusal])),
      ...sights.flatMap(pauseOf),
    ],
    notes: [
      ...notesOfPolicy(policy),
      ...steps.flatMap((step, at) => bakeNote(step, sights[at])),
      ...maturationNote(policy),
    ],
  };
}

function stagesOf(
  steps: readonly PlannedStep[],
  lengthOf: (step: PlannedStep) => number,
  perHour: number,
): Stage[] {
  return steps.map((step) => {
    const units = (perHour * lengthOf(step)) / HOUR_MS;
    const share = step.bps / ALL_BPS;
    return {
      bps: step.bps,
      lengthMs: lengthOf(step),
      sizes: { canary: units * share, stable: units * (1 - share) },
    };
  });
}

/** How long a step lasts on average; `null` when its conversations do not come by the longest bake. */
function lasts({ bps, bakeMs, maxBakeMs, minConversations }: PlannedStep, perHour: number): number | null {
  const needed = (minConversations / ((perHour * bps) / ALL_BPS)) * HOUR_MS;
  return needed > maxBakeMs ? null : Math.max(bakeMs, needed);
}

function sightOf(
  step: PlannedStep,
  index: number,
  perHour: number,
  stages: readonly Stage[],
  described: readonly ReturnType<typeof describeRule>[],
): PlannedStepSight {
  const { sizes } = stages[index] as Stage;
  const lastsMs = lasts(step, perHour);
  const soFar = stages.slice(0, index + 1).reduce((sum, stage) => sum + stage.sizes.canary, 0);
  return {
    step: index + 1,
    percent: step.bps / 100,
    canaryConversations: Math.round(sizes.canary),
    stableConversations: Math.round(sizes.stable),
    bakeMs: step.bakeMs,
    maxBakeMs: step.maxBakeMs,
    minConversations: step.minConversations,
    lastsMs,
    waitsFor: lastsMs !== null && lastsMs <= step.bakeMs ? "bake" : "conversations",
    needsApproval: step.needsApproval,
    // No event in n rules out the rates at which that had a chance of at most 5 %: nearly 3/n.
    zeroEventsBound: soFar > 0 ? 1 - 0.05 ** (1 / soFar) : null,
    rules: described.map(({ sights }) => sights[index] as (typeof sights)[number]),
  };
}

function pauseOf({
  step,
  percent,
  minConversations,
  lastsMs,
  maxBakeMs,
  canaryConversations,
}: PlannedStepSight): string[] {
  if (lastsMs !== null) return [];
  return [
    `step ${step} (${percent} %) will pause: it wants ${minConversations} conversations of the canary, and has about ${canaryConversations} by its longest bake of ${bakeText(maxBakeMs)}; give it \`max_bake\`, more traffic, or fewer \`min_conversations\``,
  ];
}

function bakeNote({ bakeMs }: PlannedStep, sight: PlannedStepSight | undefined): string[] {
  if (sight === undefined || sight.waitsFor === "bake" || sight.lastsMs === null) return [];
  return [
    `Step ${sight.step} lasts ${bakeText(sight.lastsMs)}, not its bake of ${bakeText(bakeMs)}: so long ${sight.minConversations} conversations take.`,
  ];
}

function maturationNote({ maturation, watch }: CanaryConfig): string[] {
  if (maturation === 0) return [];
  const hours = Number((maturation / HOUR_MS).toFixed(1));
  return watch >= maturation
    ? [`Outcomes count after ${hours} h: resolution is decided in the watch, not in the steps.`]
    : [
        `Outcomes count after ${hours} h: conversations of the last ${hours} h of a step are not among those that decide it, and its figures above are too good.`,
      ];
}
