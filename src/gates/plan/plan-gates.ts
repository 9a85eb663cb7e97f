import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { Metric } from "../../metrics/metric.js";
import { metricSetOf } from "../../metrics/metric-set.js";
import { type AnyRule, kindOf, metricsOfGates, uniqueNames } from "../gate-kind.js";
import type { PlannedGate, PlannedScenario, Planted, VerdictChances } from "./gate-plan.js";
import {
  exactScenarioOf,
  needsOf,
  type PlanSizes,
  restsOf,
  scenariosOf,
  seenWith80,
  truthsOf,
  whyNotPlanned,
} from "./plan-gate.js";
import type { PlanWorld } from "./plan-input.js";
import { plantKindOf } from "./plant.js";
import { type SimulatedRule, type SimulatedScenario, simulateScenarios } from "./simulate.js";

/** Rules alone and all together, before anything runs. */
export interface PlannedRules {
  readonly gates: readonly PlannedGate[];
  readonly policy: readonly PlannedScenario[];
}

/**
 * The operating characteristics of every rule: exact sums where outcomes are independent and 0 or 1, else runs drawn from
 * the pool and judged by the judge that judges real ones. Rules that outcomes do not move are left out of the policy.
 *
 * @param isAssumed - whether no run is stored, so that nothing is known of times and costs
 */
export function planGates(world: PlanWorld, sizes: PlanSizes, isAssumed: boolean): PlannedRules {
  const declared: readonly AnyRule[] = [...world.rules.gates, ...(world.rules.slices ?? [])];
  const names = uniqueNames(declared);
  const asked = declared.map((rule, index) => {
    const metric = metricOf(rule, world);
    return { rule, name: names[index] as string, metric, note: whyNotPlanned(rule, metric, isAssumed) };
  });
  const judged = asked.filter(({ note }) => note === null);
  const exact = new Map(
    judged.flatMap(({ rule, name, metric }) => {
      const found = exactScenarioOf(world, rule, metric);
      return found === null ? [] : [[name, found] as const];
    }),
  );
  const all = scenariosOf(null, null, sizes);
  const resampled = judged.filter(({ rule }) => isResampled(rule, world));
  const simulatedRules = judged.map((one): SimulatedRule => {
    const shown = scenariosOf(one.rule, one.metric, sizes);
    const ownDraws = resampled.includes(one) ? world.resampledDraws : world.draws;
    return {
      rule: one.rule,
      name: one.name,
      draws: exact.has(one.name) ? 0 : ownDraws,
      isShown: (planted) => shown.some((other) => isSame(other, planted)),
    };
  });
  const whole = drawn(world, simulatedRules, all, resampled.length > 0 ? world.resampledDraws : world.draws);
  const simulated = (name: string, planted: Planted): VerdictChances => {
    const index = all.findIndex((one) => isSame(one, planted));
    const found = whole[index]?.gates.get(name);
    if (found === undefined) throw new TypeError(`no figures of ${name}`);
    return found;
  };
  const gates = asked.map(({ rule, name, metric, note }): PlannedGate => {
    const sum = exact.get(name);
    const scenarios =
      note === null
        ? scenariosOf(rule, metric, sizes).map(
            (planted): PlannedScenario => ({
              planted,
              ...(sum === undefined ? simulated(name, planted) : sum(planted)),
            }),
          )
        : [];
    return {
      name,
      kind: kindOf(rule),
      metric: "metric" in rule ? (rule.metric ?? null) : null,
      unit: metric?.unit ?? null,
      severity: rule.severity,
      onInconclusive: rule.on_inconclusive ?? world.rules.defaults.on_inconclusive,
      method: note !== null ? "none" : sum === undefined ? "simulation" : "exact",
      note,
      rests: note === null ? restsOf(world, metric) : null,
      scenarios,
      truths: note === null ? truthsOf(world, rule, name, metric, sizes.drops) : [],
      seenWith80: metric === null ? null : seenWith80(scenarios),
      needs: note === null ? needsOf(world, rule, metric) : [],
    };
  });
  const policy = whole.map((one, index) => ({ planted: all[index] as Planted, ...one.policy }));
  return { gates, policy };
}

/** Drawn runs of every scenario, judged; nothing without a rule. */
function drawn(
  world: PlanWorld,
  judged: readonly SimulatedRule[],
  planted: readonly Planted[],
  policyDraws: number,
): SimulatedScenario[] {
  if (judged.length === 0) return [];
  const own = withRules(world, judged);
  const named = new Set([TASK_SUCCESS, ...metricsOfGates(own.rules)]);
  const set = metricSetOf(world.set.metrics.filter(({ name }) => named.has(name)));
  return simulateScenarios({ ...own, set }, planted, judged, policyDraws);
}

/** Whether a rule compares what no formula gives an interval for: quantiles, ratios and amounts. */
function isResampled(rule: AnyRule, world: PlanWorld): boolean {
  if ("all" in rule) return rule.all.some((part) => isResampled(part, world));
  if ("any" in rule) return rule.any.some((part) => isResampled(part, world));
  const isCompared = "better_than" in rule || ("no_worse_than" in rule && rule.no_worse_than !== undefined);
  const metric = metricOf(rule, world);
  return isCompared && metric !== null && plantKindOf(metric) !== "rate";
}

function isSame(a: Planted, b: Planted): boolean {
  return a.kind === b.kind && (a.kind === "same" || b.kind === "same" || a.size === b.size);
}

function metricOf(rule: AnyRule, world: PlanWorld): Metric | null {
  const name = "metric" in rule ? rule.metric : undefined;
  return world.set.metrics.find((metric) => metric.name === name) ?? null;
}

/** The rules that drawn runs can be judged by, under the names that they have among all. */
function withRules(world: PlanWorld, judged: readonly SimulatedRule[]): PlanWorld {
  const { gates, slices, waivers, ...rest } = world.rules;
  const kept = (rules: readonly AnyRule[]) =>
    judged.filter(({ rule }) => rules.includes(rule)).map(({ rule, name }) => ({ ...rule, name }));
  const sliceRules = kept(slices ?? []) as NonNullable<typeof slices>;
  const held = waivers?.filter(({ gate }) => judged.some(({ name }) => name === gate));
  return {
    ...world,
    rules: {
      ...rest,
      gates: kept(gates) as typeof gates,
      ...(slices === undefined ? {} : { slices: sliceRules }),
      ...(held === undefined ? {} : { waivers: held }),
    },
  };
}
