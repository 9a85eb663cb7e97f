import type { ThresholdGate } from "../config/gates/gate-schema.js";
import type { GatesConfig } from "../config/gates/gates-schema.js";
import { type AnyRule, kindOf } from "../config/gates/rule-name.js";
import { TASK_SUCCESS } from "../metrics/agent/task-success.js";
import { TOTAL_TOKENS } from "../metrics/operations/tokens.js";

export { type AnyRule, type GateKind, kindOf, nameOf, uniqueNames } from "../config/gates/rule-name.js";

function metricsOfRules(rules: readonly AnyRule[]): string[] {
  const names = rules.flatMap((rule): readonly string[] => {
    if ("all" in rule) return metricsOfRules(rule.all);
    if ("any" in rule) return metricsOfRules(rule.any);
    if ("must_pass" in rule) return [TASK_SUCCESS];
    if ("budget" in rule) return rule.budget === "tokens" ? [TOTAL_TOKENS] : [];
    return "metric" in rule && rule.metric !== undefined ? [rule.metric] : [];
  });
  return [...new Set(names)];
}

/** The metrics that a gate file names or rests on, each once: they must be measured for its rules to be judged. */
export function metricsOfGates(gates: GatesConfig | null): string[] {
  return gates === null ? [] : metricsOfRules([...gates.gates, ...(gates.slices ?? [])]);
}

/** Whether a rule is a threshold on a metric. */
export function isThreshold(rule: AnyRule): rule is ThresholdGate {
  return kindOf(rule) === "threshold";
}
