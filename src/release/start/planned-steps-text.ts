import { canaryThresholdWords } from "../../config/gates/canary-threshold.js";
import { sharePercent } from "../controller/split.js";
import { bakeText } from "../plan/bake-text.js";
import type { ReleasePlan } from "../plan/release-plan.js";

/** What a dry run prints: version, steps and rules of a plan. */
export function renderPlannedSteps({ service, canary, stable, steps, rules, alpha }: ReleasePlan): string {
  const lines = [
    `${service}: ${stable.agentVersion.slice(0, 12)} → ${canary.agentVersion.slice(0, 12)} (run ${canary.runId ?? "unknown"})`,
    ...steps.map(
      ({ bps, bakeMs, maxBakeMs, minConversations, needsApproval }, index) =>
        `step ${index + 1}: ${sharePercent(bps)} for ${bakeText(bakeMs)} to ${bakeText(maxBakeMs)}, ` +
        `at least ${minConversations} conversations${needsApproval ? ", then an approval" : ""}`,
    ),
    ...rules.map(
      ({ measure, threshold, mode }) =>
        `${mode === "enforce" ? "rolls back" : "observes"}: ${measure} ${canaryThresholdWords(threshold)}`,
    ),
    `alpha ${alpha} over all rules and looks`,
    "dry run: nothing was written, no traffic moved",
  ];
  return `${lines.join("\n")}\n`;
}
