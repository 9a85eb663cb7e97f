import type { Verdict } from "../../core/score.js";
import type { RolloutRule } from "../plan/release-plan.js";
import type { AssignmentEvidence } from "./assignment-evidence.js";
import { compareMeans } from "./compare-means.js";
import { compareQuantiles } from "./compare-quantiles.js";
import type { Comparison, Selection, Tolerance } from "./comparison.js";
import type { MeasureValues, ValueCell } from "./measure-values.js";
import type { Measure } from "./measures.js";
import { proofOf, type Reference } from "./proof.js";
import { isConcurrent, type ReleaseView } from "./release-view.js";
import { reasonOf } from "./rule-reason.js";
import type { RuleSums } from "./rule-sums.js";
import { silenceOf } from "./silence.js";
import type { RuleDecision } from "./step-decision.js";

/** Fewer conversations of the past are no baseline. */
const LEAST_BASELINE = 30;

/** What one rule found, before capacity and the other rules are looked at. */
export interface JudgedRule {
  readonly decision: RuleDecision;
  /** Whether the estimate is as bad as the threshold, proven or not. */
  readonly isSuspicious: boolean;
  readonly isDelayed: boolean;
  readonly isLatency: boolean;
  /** Whether nobody tells of an arm what must have happened there. */
  readonly isSilent: boolean;
  readonly notes: readonly string[];
}

/** Judges one rule on all evidence of the release, which its sums take in. */
export function judgeRule(sums: RuleSums, view: ReleaseView): JudgedRule {
  const { rule, measure } = sums;
  if (measure === null) return unreadable(rule, "score", `no measure is called ${rule.measure}`);
  const source = view.evidence.unreadable.find(({ source }) => !/router|metrics|capacity/i.test(source));
  if (source !== undefined) {
    return unreadable(rule, measure.unit, `${source.source} cannot be read: ${source.reason}`);
  }
  const { values: found, cuts, threshold, evidence } = sums.absorb(measure, view);
  const reference = referenceOf(rule, view, found.cells);
  const compare = (cells: readonly ValueCell[], selection: Selection, part = 1) =>
    compareBy(measure, cells, selection, {
      ...threshold,
      alpha: part * view.alpha,
      beta: view.plan.alpha,
    });
  const whole = compare(found.cells, reference.selection);
  const silence = silenceOf(measure, view.evidence.conversations, {
    canary: whole.canary.conversations,
    stable: whole.stable.conversations,
  });
  // Of a silent canary nothing is known: not that it is good, and not that it is bad.
  const proof = silence.arms.includes("canary")
    ? null
    : proofOf({ measure, threshold, view, cuts, found, evidence, whole, compare, reference });
  const harm = whole.difference === null ? null : threshold.direction * whole.difference;
  const isSuspicious = harm !== null && whole.margin !== null && harm >= whole.margin;
  const isPass = silence.arms.length === 0 && isPassed(measure, whole, evidence, isSuspicious);
  const verdict: Verdict = proof !== null ? "fail" : isPass ? "pass" : "inconclusive";
  const words = {
    rule,
    measure,
    whole,
    proof,
    verdict,
    evidence,
    found,
    silent: silence.arms,
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
    isSilent: silence.isSurprising,
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
    isSilent: false,
    notes: [],
  };
}

function referenceOf(rule: RolloutRule, view: ReleaseView, cells: readonly ValueCell[]): Reference {
  const concurrent: Selection = {
    canary: (cell) => isConcurrent(view, cell),
    stable: (cell) => isConcurrent(view, cell),
    // Every step has a place before the first of the next stratum, one for the time before the release among them.
    groupOf: ({ stratum, place }) => stratum * (view.steps.length + 1) + place + 1,
  };
  if (rule.threshold.reference === "control") return { name: "control", selection: concurrent, note: null };
  const past = cells
    .filter(({ arm, place }) => arm === "stable" && place === -1)
    .reduce((sum, { sums }) => sum + sums.units, 0);
  if (past < LEAST_BASELINE) {
    const note = `${rule.measure}: ${past} conversations of stable before the release are too few for a baseline; the control stands in`;
    return { name: "control", selection: concurrent, note };
  }
  const selection: Selection = {
    canary: ({ place }) => place >= 0,
    stable: ({ place }) => place === -1,
    groupOf: ({ stratum }) => stratum,
  };
  return { name: "baseline", selection, note: null };
}

function compareBy(
  measure: Measure,
  cells: readonly ValueCell[],
  selection: Selection,
  tolerance: Tolerance,
): Comparison {
  if (measure.kind === "quantile") return compareQuantiles(cells, selection, tolerance, measure.q);
  return compareMeans(cells, selection, tolerance, kindOf(measure));
}

function kindOf(measure: Measure & { kind: "mean" }): "rate" | "events" | "mean" {
  if (measure.isRate) return "rate";
  return measure.unit === "count" ? "events" : "mean";
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
  { missing, immature, count }: MeasureValues,
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
  if (immature > 0 && count > 0) {
    notes.push(`${measure}: ${immature} conversations are too young for their outcome to count`);
  }
  return notes;
}
