import { canaryThresholdWords } from "../../config/gates/canary-threshold.js";
import type { CanaryWatch } from "../../report/schemas/canary-watch.js";
import { measureOf } from "../decisions/measures.js";
import type { ReleaseView } from "../decisions/release-view.js";
import { thresholdOf } from "../decisions/rule-threshold.js";
import type { RuleDecision } from "../decisions/step-decision.js";
import type { RolloutRule } from "../plan/release-plan.js";

/** What each rule of a plan says, beside what would trip it. */
export function ruleFigures(
  decisions: readonly RuleDecision[],
  rules: readonly RolloutRule[],
  view: ReleaseView,
): CanaryWatch["rules"] {
  return rules.flatMap((rule, index) => {
    const decision = decisions[index];
    if (decision === undefined) return [];
    const { measure, unit, mode, canary, stable, difference, lower, upper, verdict, trips, reason } =
      decision;
    return [
      {
        measure,
        unit,
        mode,
        harm: rule.threshold.change,
        trigger: `${rule.mode === "observe" ? "observed only: " : ""}${canaryThresholdWords(rule.threshold)}`,
        margin: marginOf(rule, stable.value, view),
        canary,
        reference: stable,
        difference: finite(difference),
        lower: finite(lower),
        upper: finite(upper),
        alpha: view.alpha,
        verdict,
        trips,
        reason,
      },
    ];
  });
}

/** A share of a reference that is not known is none. */
function marginOf(rule: RolloutRule, reference: number | null, view: ReleaseView): number | null {
  const measure = measureOf(rule.measure, rule.threshold.per?.of);
  if (measure === null) return null;
  const isRelative = rule.threshold.unit === "percent" && measure.unit !== "proportion";
  if (isRelative && reference === null) return null;
  return finite(thresholdOf(rule, measure, view).marginOf(reference ?? 0));
}

/** JSON has no infinity: a limit that is none. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
