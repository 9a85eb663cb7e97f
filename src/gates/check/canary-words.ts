import type { CanaryConfig } from "../../config/gates/canary-schema.js";
import { canaryThresholdWords } from "../../config/gates/canary-threshold.js";

/** The canary of a gate file, one line for each step and each trigger. */
export function canaryInWords(canary: CanaryConfig): string[] {
  const steps = canary.steps.map((step, index) => {
    const conversations =
      step.min_conversations === undefined ? "" : ` and ${step.min_conversations} conversations`;
    const approval = step.approval === undefined ? "" : ", then a person must agree";
    return `step ${index + 1}: ${step.traffic} % of traffic for at least ${inWords(step.bake)}${conversations}${approval}`;
  });
  const triggers = Object.entries(canary.rollback_triggers).map(
    ([measure, { threshold, window }]) =>
      `roll back when ${measure} ${canaryThresholdWords(threshold)} over ${inWords(window)}`,
  );
  return [...steps, ...triggers];
}

function inWords(milliseconds: number): string {
  for (const [unit, length] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
  ] as const) {
    if (milliseconds >= length && milliseconds % length === 0) return `${milliseconds / length} ${unit}`;
  }
  return `${milliseconds / 1000} s`;
}
