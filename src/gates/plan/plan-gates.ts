import type { Metric } from "../../metrics/metric.js";
import { type AnyRule, kindOf, uniqueNames } from "../gate-kind.js";
import type { PlannedGate, PlannedScenario, Planted } from "./gate-plan.js";
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
import { simulateScenarios } from "./simulate.js";

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
  const decided = withRules(world, judged);
  const all = scenariosOf(null, sizes);
  const drawn =
    judged.length === 0
      ? []
      : simulateScenarios(
          decided,
          all,
          judged.map(({ name }) => name),
        );
  const simulated = (planted: Planted) => drawn[all.findIndex((one) => isSame(one, planted))];
  const gates = asked.map(({ rule, name, metric, note }): PlannedGate => {
    const exact = note === null ? exactScenarioOf(world, rule, metric) : null;
    const scenarios =
      note === null
        ? scenariosOf(metric, sizes).map((planted): PlannedScenario => {
            const chances = exact === null ? simulated(planted)?.gates.get(name) : exact(planted);
            if (chances === undefined) throw new TypeError(`no figures of ${name}`);
            return { planted, ...chances };
          })
        : [];
    return {
      name,
      kind: kindOf(rule),
      metric: "metric" in rule ? (rule.metric ?? null) : null,
      unit: metric?.unit ?? null,
      severity: rule.severity,
      onInconclusive: rule.on_inconclusive ?? world.rules.defaults.on_inconclusive,
      method: note !== null ? "none" : exact === null ? "simulation" : "exact",
      note,
      rests: note === null ? restsOf(world, metric) : null,
      scenarios,
      truths: note === null ? truthsOf(world, rule, name, metric, sizes.drops) : [],
      seenWith80: metric === null ? null : seenWith80(scenarios),
      needs: note === null ? needsOf(world, rule, metric) : [],
    };
  });
  const policy = drawn.map((one, index) => ({ planted: all[index] as Planted, ...one.policy }));
  return { gates, policy };
}

function isSame(a: Planted, b: Planted): boolean {
  return a.kind === b.kind && (a.kind === "same" || b.kind === "same" || a.size === b.size);
}

function metricOf(rule: AnyRule, world: PlanWorld): Metric | null {
  const name = "metric" in rule ? rule.metric : undefined;
  return world.set.metrics.find((metric) => metric.name === name) ?? null;
}

/** The rules that drawn runs can be judged by, under the names that they have among all. */
function withRules(
  world: PlanWorld,
  judged: readonly { readonly rule: AnyRule; readonly name: string }[],
): PlanWorld {
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
