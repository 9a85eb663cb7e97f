import type { Verdict } from "../../core/score.js";
import type { RolloutRule } from "../plan/release-plan.js";
import {
  type AlternativesOf,
  eventAlternatives,
  meanAlternatives,
  quantileAlternatives,
  rateAlternatives,
} from "./alternatives.js";
import { type AssignmentEvidence, assignmentEvidence } from "./assignment-evidence.js";
import { compareMeans } from "./compare-means.js";
import { compareQuantiles } from "./compare-quantiles.js";
import type { Comparison, Selection, Tolerance } from "./comparison.js";
import { type Measure, measureOf } from "./measures.js";
import { proofOf, type Reference } from "./proof.js";
import { isConcurrent, type ReleaseView } from "./release-view.js";
import { reasonOf } from "./rule-reason.js";
import { type RuleThreshold, thresholdOf } from "./rule-threshold.js";
import { silentArms } from "./silent-arms.js";
import type { RuleDecision } from "./step-decision.js";
import { type UnitValue, type UnitValues, valuesOf } from "./unit-values.js";

/** Fewer conversations of the past are no baseline. */
const LEAST_BASELINE = 30;

/** What one rule found, before capacity and the other rules are looked at. */
export interface JudgedRule {
  readonly decision: RuleDecision;
  /** Whether the estimate is as bad as the threshold, proven or not. */
  readonly isSuspicious: boolean;
  readonly isDelayed: boolean;
  readonly isLatency: boolean;
  readonly notes: readonly string[];
}

/** Judges one rule on all evidence of the release. */
export function judgeRule(rule: RolloutRule, view: ReleaseView): JudgedRule {
  const measure = measureOf(rule.measure, rule.threshold.per?.of);
  if (measure === null) return unreadable(rule, "score", `no measure is called ${rule.measure}`);
  const source = view.evidence.unreadable.find(({ source }) => !/router|metrics|capacity/i.test(source));
  if (source !== undefined) {
    return unreadable(rule, measure.unit, `${source.source} cannot be read: ${source.reason}`);
  }
  const found = valuesOf(view.units, measure, view.cuts);
  const threshold = thresholdOf(rule, measure, view);
  const reference = referenceOf(rule, view, found.values);
  const compare = (selection: Selection, part = 1) =>
    compareBy(measure, found.values, selection, {
      ...threshold,
      alpha: part * view.alpha,
      beta: view.plan.alpha,
    });
  const whole = compare(reference.selection);
  const evidence = assignmentEvidence(found.values, alternativesOf(measure, threshold), {
    ms: rule.windowMs,
    steps: view.steps,
    plan: view.plan,
  });
  const proof = proofOf({ measure, threshold, view, evidence, whole, compare, reference });
  const harm = whole.difference === null ? null : threshold.direction * whole.difference;
  const isSuspicious = harm !== null && whole.margin !== null && harm >= whole.margin;
  const silent = silentArms(measure, view.evidence.conversations);
  const isPass = silent.length === 0 && isPassed(measure, whole, evidence, isSuspicious);
  const verdict: Verdict = proof !== null ? "fail" : isPass ? "pass" : "inconclusive";
  const words = {
    rule,
    measure,
    whole,
    proof,
    verdict,
    evidence,
    found,
    silent,
    reference: reference.name,
    alpha: view.alpha,
  };
  return {
    decision: {
      measure: rule.measure,
      unit: measure.unit,
      mode: rule.mode,
      canary: whole.canary,
      stable: whole.stable,
      difference: whole.difference,
      lower: whole.lower,
      upper: whole.upper,
      verdict,
      trips: proof !== null && rule.mode === "enforce",
      method: `assignment e-value; limits: ${whole.method}`,
      reason: reasonOf(words),
    },
    isSuspicious,
    isDelayed: measure.isDelayed,
    isLatency: measure.kind === "quantile",
    notes: notesOf(rule, whole, found, reference.note),
  };
}

function unreadable(rule: RolloutRule, unit: RuleDecision["unit"], why: string): JudgedRule {
  const none = { value: null, conversations: 0 };
  return {
    decision: {
      measure: rule.measure,
      unit,
      mode: rule.mode,
      canary: none,
      stable: none,
      difference: null,
      lower: null,
      upper: null,
      verdict: "error",
      trips: false,
      method: "none",
      reason: `${rule.measure} is not known: ${why}`,
    },
    isSuspicious: false,
    isDelayed: false,
    isLatency: false,
    notes: [],
  };
}

function referenceOf(rule: RolloutRule, view: ReleaseView, values: readonly UnitValue[]): Reference {
  const canary = ({ unit }: UnitValue) => unit.place >= 0;
  const concurrent: Selection = {
    canary: ({ unit }) => isConcurrent(view, unit),
    stable: ({ unit }) => isConcurrent(view, unit),
    groupOf: ({ unit }) => unit.group,
  };
  if (rule.threshold.reference === "control") return { name: "control", selection: concurrent, note: null };
  const past = values.reduce((sum, { unit }) => sum + Number(unit.place === -1 && unit.arm === "stable"), 0);
  if (past < LEAST_BASELINE) {
    const note = `${rule.measure}: ${past} conversations of stable before the release are too few for a baseline; the control stands in`;
    return { name: "control", selection: concurrent, note };
  }
  const selection: Selection = {
    canary,
    stable: ({ unit }) => unit.place === -1,
    groupOf: ({ unit }) => unit.stratum,
  };
  return { name: "baseline", selection, note: null };
}

function compareBy(
  measure: Measure,
  values: readonly UnitValue[],
  selection: Selection,
  tolerance: Tolerance,
): Comparison {
  if (measure.kind === "quantile") return compareQuantiles(values, selection, tolerance, measure.q);
  return compareMeans(values, selection, tolerance, kindOf(measure));
}

function kindOf(measure: Measure & { kind: "mean" }): "rate" | "events" | "mean" {
  if (measure.isRate) return "rate";
  return measure.unit === "count" ? "events" : "mean";
}

function alternativesOf(measure: Measure, { direction, marginOf }: RuleThreshold): AlternativesOf {
  if (measure.kind === "quantile") return quantileAlternatives(measure.q);
  if (measure.isRate) return rateAlternatives(direction, marginOf(0));
  return measure.unit === "count" ? eventAlternatives() : meanAlternatives(direction, marginOf);
}

/** Harm is ruled out; of rare events it is enough that none point at the canary, since no release proves 1 in 10,000. */
function isPassed(
  measure: Measure,
  whole: Comparison,
  { log }: AssignmentEvidence,
  isSuspicious: boolean,
): boolean {
  if (measure.unit !== "count") return whole.isHarmRuledOut;
  return whole.canary.conversations > 0 && whole.stable.conversations > 0 && (log <= 0 || !isSuspicious);
}

function notesOf(
  { measure }: RolloutRule,
  { reversal }: Comparison,
  { missing, immature, values }: UnitValues,
  reference: string | null,
): string[] {
  const notes = reference === null ? [] : [reference];
  if (reversal) {
    notes.push(
      `${measure}: all strata together say the opposite of the strata (Simpson's paradox); the strata decide`,
    );
  }
  if (missing.canary + missing.stable > 0) {
    notes.push(
      `${measure}: ${missing.canary} conversations of the canary and ${missing.stable} of stable have no value and count nowhere`,
    );
  }
  if (immature > 0 && values.length > 0) {
    notes.push(`${measure}: ${immature} conversations are too young for their outcome to count`);
  }
  return notes;
}
