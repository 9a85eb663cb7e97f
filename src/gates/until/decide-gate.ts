import type { BetterGate, NoWorseGate, ThresholdGate } from "../../config/gates/gate-schema.js";
import type { CaseMetric, Metric, TrialRow } from "../../metrics/metric.js";
import { baselineReference } from "../baseline/baseline-difference.js";
import { type AnyRule, kindOf } from "../gate-kind.js";
import type { GateContext, GateJudge } from "../judge-gate.js";
import { assumedRow, evidenceWith } from "./complete-run.js";
import { decideRate, type GateDecision } from "./decide-rate.js";
import type { TrialPrefix } from "./trial-prefix.js";

/** Larger than any time or score that is measured. */
const HUGE = 1e15;

/**
 * Whether the verdict that a gate would have on the whole run is known already.
 *
 * Rates are decided by what the remaining trials may give with the confidence of the gates, in the order in which they were
 * drawn; all else only when nothing that the remaining trials could give would change the verdict.
 *
 * @param prefix - trials so far, of a run planned in random order
 * @returns `null` while it is open, and for kinds that only the whole run decides
 */
export function decideGate(
  rule: AnyRule,
  context: GateContext,
  prefix: TrialPrefix,
  judge: GateJudge,
): GateDecision | null {
  if ("all" in rule) return composed(rule.all, "pass", context, prefix, judge);
  if ("any" in rule) return composed(rule.any, "fail", context, prefix, judge);
  switch (kindOf(rule)) {
    case "threshold":
      return decideThreshold(rule as ThresholdGate, context, prefix, judge);
    case "no-worse":
    case "better":
      return decideBaseline(rule as NoWorseGate | BetterGate, context, prefix, judge);
    case "coverage":
      return "coverage" in rule && rule.coverage === "scored" ? null : standing(rule, context, judge);
    case "must-pass":
      return standing(rule, context, judge);
    case "budget":
      return failing(standing(rule, context, judge));
    default:
      return null;
  }
}

/** All of them must pass, or one: `whole` is the verdict that takes all parts. */
function composed(
  parts: readonly AnyRule[],
  whole: "pass" | "fail",
  context: GateContext,
  prefix: TrialPrefix,
  judge: GateJudge,
): GateDecision | null {
  const decisions = parts.map((part) => decideGate(part, context, prefix, judge));
  const early = decisions.find((one) => one !== null && one.verdict !== whole);
  if (early !== undefined) return early;
  return decisions.every((one) => one !== null) ? { verdict: whole, reason: "Every part is decided." } : null;
}

/** What trials that are not there yet cannot change. */
function standing(rule: AnyRule, context: GateContext, judge: GateJudge): GateDecision | null {
  const { verdict, reason } = judge(rule, context);
  return verdict === "pass" || verdict === "fail" ? { verdict, reason } : null;
}

function failing(decision: GateDecision | null): GateDecision | null {
  return decision?.verdict === "fail" ? decision : null;
}

function decideThreshold(
  rule: ThresholdGate,
  context: GateContext,
  prefix: TrialPrefix,
  judge: GateJudge,
): GateDecision | null {
  const metric = context.evidence.own.set.metrics.find(({ name }) => name === rule.metric);
  if (metric === undefined) return null;
  if (metric.level === "case" && metric.aggregate === "proportion") {
    // A limit depends on how many are scored, too.
    const isScored = prefix.rows.every((row) => (row.scores[rule.metric]?.value ?? null) !== null);
    const isCount = rule.bound === "estimate" || (isScored && isOneTrialAGroup(context));
    return isCount ? decideRate(rule, metric, context, prefix, judge) : null;
  }
  const extremes = rule.bound === "estimate" ? extremesOf(metric, rule, prefix) : [];
  const level = 1 - context.rules.defaults.alpha;
  const groupOf = (caseId: string) => context.evidence.own.cases.get(caseId)?.group ?? caseId;
  const verdicts = extremes.map((extreme) => {
    const rest = prefix.remaining.map((planned) => assumedRow({ planned, ...extreme }, metric.name, groupOf));
    const evidence = evidenceWith(context.evidence, [...prefix.rows, ...rest], metric, level);
    return judge(rule, { ...context, evidence }).verdict;
  });
  const [first] = verdicts;
  if ((first !== "pass" && first !== "fail") || verdicts.some((verdict) => verdict !== first)) return null;
  return { verdict: first, reason: "Nothing that the remaining trials could give would change it." };
}

/** Both ends of what the remaining trials could give; empty where there is no such end. */
function extremesOf(
  metric: Metric,
  rule: ThresholdGate,
  prefix: TrialPrefix,
): readonly { readonly score?: number; readonly durationMs?: number }[] {
  if (metric.level === "case") {
    if (metric.unit === "rating") return [];
    if (metric.unit === "score" || metric.unit === "proportion") return [{ score: 0 }, { score: 1 }];
    return rule.min === undefined ? [{ score: 0 }, { score: HUGE }] : [];
  }
  const { statistic } = metric;
  if (statistic?.kind !== "quantile") return [];
  const isDuration = (row: TrialRow) => {
    const values = statistic.valuesOf(row);
    return row.untimed !== null || (values.length === 1 && values[0] === row.durationMs);
  };
  return prefix.rows.length > 0 && prefix.rows.every(isDuration)
    ? [{ durationMs: 0 }, { durationMs: HUGE }]
    : [];
}

/** Whether the verdict depends on the number of successes alone: neither trials nor cases are alike. */
function isOneTrialAGroup({ evidence: { own } }: GateContext): boolean {
  const groups = own.run.plan.map(({ caseId }) => own.cases.get(caseId)?.group ?? caseId);
  return new Set(groups).size === groups.length;
}

function decideBaseline(
  rule: NoWorseGate | BetterGate,
  context: GateContext,
  prefix: TrialPrefix,
  judge: GateJudge,
): GateDecision | null {
  const { own, baselineOf } = context.evidence;
  const metric = own.set.metrics.find(({ name }) => name === rule.metric);
  const named = "better_than" in rule ? rule.better_than : rule.no_worse_than;
  const lookup = baselineOf(baselineReference(named, context.rules));
  if (metric?.level !== "case" || metric.aggregate !== "proportion" || "missing" in lookup) return null;
  if (!isOneTrialAGroup(context)) return null;
  const outcomes = outcomesOf(lookup.found.rows, metric);
  if (outcomes === null || prefix.rows.some((row) => row.scores[metric.name]?.value == null)) return null;
  return decideRate(rule, metric, context, prefix, judge, (caseId) => outcomes.get(caseId) ?? "not there");
}

/** The outcome of each case in the baseline; `null` when a case has several trials, or none of the two outcomes. */
function outcomesOf(rows: readonly TrialRow[], metric: CaseMetric): ReadonlyMap<string, string> | null {
  const outcomes = new Map<string, string>();
  for (const row of rows) {
    const value = row.scores[metric.name]?.value ?? null;
    if (outcomes.has(row.caseId) || (value !== 0 && value !== 1)) return null;
    outcomes.set(row.caseId, String(value));
  }
  return outcomes;
}
