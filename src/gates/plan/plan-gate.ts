import type { NoWorseGate, ThresholdGate } from "../../config/gates/gate-schema.js";
import type { CaseMetric, Metric } from "../../metrics/metric.js";
import { metricSetOf } from "../../metrics/metric-set.js";
import { type AnyRule, kindOf } from "../gate-kind.js";
import { levelOf } from "../judge-gates.js";
import { exactNonInferiority, exactSignificantDrop, exactThreshold, isExact } from "./exact-chances.js";
import type { PlannedGate, PlannedScenario, PlannedTruth, Planted, VerdictChances } from "./gate-plan.js";
import type { PlanWorld } from "./plan-input.js";
import { nonInferiorityNeeds, thresholdNeeds } from "./plan-needs.js";
import { plantKindOf, plantTruth } from "./plant.js";
import { caseMetricOf, type PoolFacts, poolFacts } from "./pool-facts.js";
import { simulateGate } from "./simulate.js";

/** What is planted in the scenarios, and how far truths lie from a threshold. */
export interface PlanSizes {
  /** In the unit of a rate, ascending: 0.02 for 2 points. */
  readonly drops: readonly number[];
  /** Factors of times, costs, tokens and counts, ascending, above 1. */
  readonly ratios: readonly number[];
}

/** Why outcomes of trials do not move a rule; `null` where they do. */
export function whyNotPlanned(rule: AnyRule, metric: Metric | null, isAssumed: boolean): string | null {
  if ("coverage" in rule && rule.coverage !== "scored") return "depends on the golden set alone";
  if ("trend" in rule) return "depends on the runs before";
  if ("coverage" in rule || "must_pass" in rule || "all" in rule || "any" in rule) return null;
  if ("budget" in rule) {
    if (isAssumed) return "nothing is known yet of what a trial takes: run the suite once";
    return rule.budget === "seconds" ? "depends on the machine and on how many trials run at once" : null;
  }
  if (metric === null) return `${rule.metric} was never measured, and is inconclusive until it is`;
  if (plantKindOf(metric) === "none") return "drawn runs have no broken trial, and nothing else moves it";
  if (isAssumed && plantKindOf(metric) === "load" && kindOf(rule) === "threshold") {
    return "nothing is known yet of times and costs: run the suite once";
  }
  return null;
}

/** Scenarios in which a rule can change: drops of rates, ratios of loads; all of them for the whole policy. */
export function scenariosOf(
  rule: AnyRule | null,
  metric: Metric | null,
  { drops, ratios }: PlanSizes,
): Planted[] {
  const isOfCases = rule !== null && ("must_pass" in rule || "coverage" in rule);
  const kind = isOfCases ? "rate" : metric === null ? "both" : plantKindOf(metric);
  return [
    { kind: "same" },
    ...(kind === "rate" || kind === "both" ? drops.map((size) => ({ kind: "drop", size }) as const) : []),
    ...(kind === "load" || kind === "both" ? ratios.map((size) => ({ kind: "ratio", size }) as const) : []),
  ];
}

/** Exact chances of a scenario; `null` where only drawn runs can tell. */
export type ExactScenario = (planted: Planted) => VerdictChances;

/** Sums over all outcomes, for rules and data that they exist for; `null` elsewhere. */
export function exactScenarioOf(
  world: PlanWorld,
  rule: AnyRule,
  metric: Metric | null,
): ExactScenario | null {
  if (metric === null || metric.level === "run") return null;
  const facts = poolFacts(world.pool, metric.name);
  const { cases, rate, discordant } = facts;
  if (rate === null || discordant === null || !isExact(world, facts)) return null;
  const worse = metric.direction === "higher" ? -1 : 1;
  const kind = kindOf(rule);
  if (kind === "threshold" && !isJudged(metric)) {
    const at = exactThreshold(world, rule as ThresholdGate, metric, facts);
    return (planted) => at(planted.kind === "drop" ? clamp(rate + worse * planted.size) : rate);
  }
  if (kind === "no-worse" && "no_worse_than" in rule && !("by" in rule) && !isJudged(metric)) {
    const margin = absoluteMarginOf(rule);
    const alpha = rule.alpha ?? world.rules.defaults.alpha;
    if (margin === null || margin >= 1 || alpha >= 0.5 || metric.aggregate !== "proportion") return null;
    const exact = rule.rule === "significant-drop" ? exactSignificantDrop : exactNonInferiority;
    return (planted) => {
      const drop = planted.kind === "drop" ? planted.size : 0;
      return exact({ cases, rate, discordant }, metric.direction, margin, alpha, drop);
    };
  }
  return null;
}

/** Of the rule of a significant drop where the file states none. */
const DEFAULT_DROP = 0.02;

/** The margin in the unit of the metric; `null` for a share of the baseline. */
function absoluteMarginOf({ margin, rule }: NoWorseGate): number | null {
  if (margin === undefined) return rule === "significant-drop" ? DEFAULT_DROP : null;
  return typeof margin === "number" ? margin : null;
}

/** Metrics of a judge rest on its calibration as well. */
function isJudged(metric: CaseMetric): boolean {
  return metric.name.startsWith("judge.");
}

/** The figures of one rule around its threshold. */
export function truthsOf(
  world: PlanWorld,
  rule: AnyRule,
  name: string,
  metric: Metric | null,
  drops: readonly number[],
): PlannedTruth[] {
  if (kindOf(rule) !== "threshold" || metric === null || metric.level === "run") return [];
  if (metric.unit !== "proportion" && metric.unit !== "score") return [];
  const threshold = rule as ThresholdGate;
  const at = threshold.min ?? threshold.max;
  if (at === undefined) return [];
  const facts = poolFacts(world.pool, metric.name);
  const exact = !isJudged(metric) && isExact(world, facts);
  const better = threshold.min === undefined ? -1 : 1;
  const alone = { ...world, set: metricSetOf([metric]) };
  const clearances = [...drops.map((drop) => -drop).reverse(), 0, ...drops];
  const truths = clearances
    .map((clearance) => ({ clearance, truth: roundOff(at + better * clearance) }))
    .filter(({ truth }) => truth >= 0 && truth <= 1);
  if (exact) {
    const at = exactThreshold(world, threshold, metric, facts);
    return truths.map((one) => ({ ...one, ...at(one.truth) }));
  }
  const plants = truths.map(({ truth }) => plantTruth(metric, truth, world.pool));
  const simulated = simulateGate(alone, rule, name, plants);
  return truths.map((one, index) => ({ ...one, ...(simulated[index] as VerdictChances) }));
}

/** What the rule would need; empty where no formula is known. */
export function needsOf(world: PlanWorld, rule: AnyRule, metric: Metric | null): string[] {
  if (metric === null || metric.unit !== "proportion") return [];
  const scored = caseMetricOf(metric, world.set.metrics);
  if (scored === null || metric.level === "run") return [];
  const { cases, discordant, isBinary } = poolFacts(world.pool, scored.name);
  const isEachItsOwn = world.pool.slots.every((slot) => slot.cases.length === 1);
  if (!isBinary || discordant === null || cases === 0 || !isEachItsOwn) return [];
  if (kindOf(rule) === "threshold") {
    if (world.trialsPerCase > 1) return [];
    const threshold = rule as ThresholdGate;
    const at = threshold.min ?? threshold.max ?? 0;
    return thresholdNeeds(threshold, cases, at, levelOf(world.rules));
  }
  if (kindOf(rule) !== "no-worse" || !("no_worse_than" in rule) || "by" in rule) return [];
  const margin = absoluteMarginOf(rule);
  if (margin === null || rule.rule === "significant-drop") return [];
  // The mean of several trials differs by as much less between two runs.
  const spread = discordant / world.trialsPerCase;
  return nonInferiorityNeeds(cases, spread, margin, rule.alpha ?? world.rules.defaults.alpha);
}

/** What the figures of a rule rest on. */
export function restsOf(world: PlanWorld, metric: Metric | null): PlannedGate["rests"] {
  const scored = metric === null ? null : caseMetricOf(metric, world.set.metrics);
  if (scored === null) return null;
  const { cases, rate, discordant }: PoolFacts = poolFacts(world.pool, scored.name);
  return { cases, rate, discordant };
}

const WANTED = 0.8;

/** Where the chance to block first reaches 80 % between the scenarios, on a straight line between them. */
export function seenWith80(scenarios: readonly PlannedScenario[]): number | null {
  const points = scenarios
    .map(({ planted, pass }) => ({
      size:
        planted.kind === "same"
          ? scenarios.some((one) => one.planted.kind === "ratio")
            ? 1
            : 0
          : planted.size,
      block: 1 - pass,
    }))
    .sort((a, b) => a.size - b.size);
  const first = points[0];
  if (first === undefined || first.block >= WANTED) return first === undefined ? null : first.size;
  for (let index = 1; index < points.length; index += 1) {
    const [before, after] = [points[index - 1], points[index]];
    if (before === undefined || after === undefined || after.block < WANTED) continue;
    const share = (WANTED - before.block) / (after.block - before.block);
    return before.size + share * (after.size - before.size);
  }
  return null;
}

function clamp(rate: number): number {
  return Math.min(1, Math.max(0, rate));
}

/** 0.85 - 0.02 is 0.83, not 0.8299999999999999. */
function roundOff(rate: number): number {
  return Number(rate.toPrecision(12));
}
