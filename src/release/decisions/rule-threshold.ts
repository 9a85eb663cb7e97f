import type { RolloutRule } from "../plan/release-plan.js";
import type { Measure } from "./measures.js";
import type { ReleaseView } from "./release-view.js";

/** A threshold as the statistics want it. */
export interface RuleThreshold {
  /** 1: a rise is harm; -1: a drop is. */
  readonly direction: 1 | -1;
  /** In the measure's own unit, given the value of the reference. */
  readonly marginOf: (reference: number) => number;
  /** Whether another moment may give another margin. */
  readonly isMoving: boolean;
}

/** Reads the threshold of a rule: points of a rate, a share of the reference, so many events, or the amount itself. */
export function thresholdOf(rule: RolloutRule, measure: Measure, view: ReleaseView): RuleThreshold {
  const { change, amount, unit, per } = rule.threshold;
  const direction = change === "rise" ? 1 : -1;
  if (unit === "percent") {
    const share = amount / 100;
    const isPoints = measure.unit === "proportion";
    return {
      direction,
      isMoving: false,
      marginOf: (reference) => (isPoints ? share : share * Math.abs(reference)),
    };
  }
  if (per !== null) return { direction, isMoving: false, marginOf: () => amount / per.count };
  if (unit === "count" && measure.unit !== "score") {
    const from = view.moment.now - rule.windowMs;
    const units = view.units.filter(({ arm, at }) => arm === "canary" && at >= from).length;
    return { direction, isMoving: true, marginOf: () => amount / Math.max(1, units) };
  }
  return { direction, isMoving: false, marginOf: () => amount };
}
