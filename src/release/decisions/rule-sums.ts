import type { RolloutRule } from "../plan/release-plan.js";
import {
  type AlternativesOf,
  eventAlternatives,
  meanAlternatives,
  quantileAlternatives,
  rateAlternatives,
} from "./alternatives.js";
import { type AssignmentEvidence, AssignmentWeigher } from "./assignment-evidence.js";
import { MeasureValues } from "./measure-values.js";
import { type Measure, measureOf } from "./measures.js";
import type { ReleaseView } from "./release-view.js";
import { type RuleThreshold, thresholdOf } from "./rule-threshold.js";
import type { Cuts } from "./unit-values.js";

interface RuleFound {
  readonly values: MeasureValues;
  /** Those of the view, for this rule. */
  readonly cuts: Cuts;
  readonly threshold: RuleThreshold;
  readonly evidence: AssignmentEvidence;
}

/** Values and evidence of one rule, which units are added to. */
export class RuleSums {
  readonly rule: RolloutRule;
  /** `null`: no measure has that name. */
  readonly measure: Measure | null;
  #sums: { readonly values: MeasureValues; readonly weigher: AssignmentWeigher } | null = null;

  constructor(rule: RolloutRule) {
    this.rule = rule;
    this.measure = measureOf(rule.measure, rule.threshold.per?.of);
  }

  /** Takes in the units of a view that were not there before. */
  absorb(measure: Measure, view: ReleaseView): RuleFound {
    const threshold = thresholdOf(this.rule, measure, view);
    // What an outcome says may rest on the margin: another margin weighs all of them anew.
    if (this.#sums === null || (threshold.isMoving && measure.unit !== "count")) {
      const weigher = new AssignmentWeigher(alternativesOf(measure, threshold), this.rule.windowMs);
      this.#sums = { values: new MeasureValues(measure), weigher };
    }
    const { values, weigher } = this.#sums;
    const cuts = cutsOf(this.rule, view);
    values.absorb(view.units, cuts, (value) => weigher.add(value, view.steps));
    return { values, cuts, threshold, evidence: weigher.evidence(view.plan) };
  }
}

/** Without `maturation`, a conversation is waited for as long as outcomes take here, and no longer than the rule's window. */
function cutsOf({ windowMs }: RolloutRule, { plan, cuts }: ReleaseView): Cuts {
  if (plan.maturationMs > 0) return cuts;
  return { ...cuts, outcomeAgeMs: Math.min(cuts.outcomeAgeMs, windowMs) };
}

function alternativesOf(measure: Measure, { direction, marginOf }: RuleThreshold): AlternativesOf {
  if (measure.kind === "quantile") return quantileAlternatives(measure.q);
  if (measure.isRate) return rateAlternatives(direction, marginOf(0));
  return measure.unit === "count" ? eventAlternatives() : meanAlternatives(direction, marginOf);
}
