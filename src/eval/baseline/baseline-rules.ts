import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { AnyRule } from "../../gates/gate-kind.js";

interface BaselineRule {
  readonly reference: string;
  readonly metric: string;
}

/** The rules that compare with a baseline, those within `all` and `any` included. */
function baselineRules(gates: GatesConfig): readonly BaselineRule[] {
  const found = (rule: AnyRule): readonly BaselineRule[] => {
    if ("all" in rule) return rule.all.flatMap(found);
    if ("any" in rule) return rule.any.flatMap(found);
    const reference =
      "no_worse_than" in rule ? rule.no_worse_than : "better_than" in rule ? rule.better_than : undefined;
    if (reference === undefined || !("metric" in rule) || rule.metric === undefined) return [];
    return [{ reference: reference === "baseline" ? gates.baseline : reference, metric: rule.metric }];
  };
  return [...gates.gates, ...(gates.slices ?? [])].flatMap(found);
}

/** What a gate file compares with, each once. */
export function baselineReferences(gates: GatesConfig): readonly string[] {
  return [...new Set(baselineRules(gates).map(({ reference }) => reference))];
}

/** The metrics that a gate file holds against a baseline, each once. */
export function comparedMetrics(gates: GatesConfig): readonly string[] {
  return [...new Set(baselineRules(gates).map(({ metric }) => metric))];
}
