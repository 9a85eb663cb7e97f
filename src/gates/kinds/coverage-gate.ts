import { slicesOf } from "../../comparison/compare-slices.js";
import type { CoverageGate } from "../../config/gates/gate-schema.js";
import type { Verdict } from "../../core/score.js";
import type { GateCase, GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";
import { countedEstimate } from "./counted-estimate.js";
import { MOST_CASES, type PlannedCase, selectCases } from "./planned-cases.js";

/** What was found of some cases. */
interface Coverage {
  /** Cases, or trials for `scored`. */
  readonly of: number;
  readonly have: number;
  /** Not there yet: broken trials, and those that were not run. */
  readonly pending: number;
  /** Cases that lack it. */
  readonly missing: readonly GateCase[];
}

interface Judgement {
  readonly verdict: Exclude<Verdict, "error">;
  readonly reason: string;
}

const HAVE: Readonly<Record<CoverageGate["coverage"], string>> = {
  reviewed: "cases have an approved review",
  cases: "cases",
  scored: "planned trials have a score",
};
/** Rounding of a product with a share such as 0.7 must not ask for one case more. */
const ROUNDING = 1e-9;

/**
 * Judges what of the golden set was looked at, over the cases of the run's plan.
 *
 * - `reviewed`: share of cases whose review is approved. No case: inconclusive.
 * - `cases`: number of cases. None is fewer than any minimum: fail.
 * - `scored`: share of planned trials with a score. Trials that broke or were not run may still get one: the gate is
 *   decided only where they do not matter. No trial: inconclusive.
 *
 * With `by`, every slice that occurs must reach the minimum alone; a case in no slice counts in none.
 */
export function judgeCoverage(rule: CoverageGate, context: GateContext): GateResult {
  const result = { ...unjudged(rule, "coverage", context.name), required: requiredOf(rule) };
  const selection = selectCases(context.evidence.own, rule.where);
  if ("unknown" in selection) return { ...result, verdict: "inconclusive", reason: selection.unknown };
  const whole = {
    ...result,
    ...measured(rule, selection.cases, context),
    name: context.name,
  };
  if (rule.by === undefined || selection.cases.length === 0) return whole;
  return bySlice(rule, selection.cases, whole, context);
}

function measured(
  rule: CoverageGate,
  cases: readonly PlannedCase[],
  context: GateContext,
): Pick<GateResult, "estimate" | "verdict" | "reason" | "toSettle" | "cases"> {
  const coverage = coverageOf(rule, cases);
  const isCount = rule.coverage === "cases";
  const count = {
    metric: `coverage.${rule.coverage}`,
    unit: isCount ? "count" : "proportion",
    direction: "higher",
    value: isCount ? coverage.have : coverage.of === 0 ? null : coverage.have / coverage.of,
    n: coverage.of,
  } as const;
  const judgement = judge(rule, coverage);
  return {
    estimate: countedEstimate(count, context),
    ...judgement,
    toSettle: judgement.verdict === "inconclusive" && coverage.of > 0 ? outcomes(coverage.pending) : null,
    cases: coverage.missing.slice(0, MOST_CASES),
  };
}

function coverageOf(rule: CoverageGate, cases: readonly PlannedCase[]): Coverage {
  if (rule.coverage === "cases") {
    return { of: cases.length, have: cases.length, pending: 0, missing: [] };
  }
  if (rule.coverage === "reviewed") {
    const missing = cases.flatMap(({ goldenCase: { id, review } }) => {
      if (review?.status === "approved") return [];
      return [{ caseId: id, note: review === null ? "has no review" : `its review is ${review.status}` }];
    });
    return { of: cases.length, have: cases.length - missing.length, pending: 0, missing };
  }
  const scored = cases.map((one) => scoredTrials(one, rule.metric ?? ""));
  const total = (key: "of" | "have" | "pending") => scored.reduce((sum, one) => sum + one[key], 0);
  return {
    of: total("of"),
    have: total("have"),
    pending: total("pending"),
    missing: scored.flatMap((one) => one.missing),
  };
}

function scoredTrials({ goldenCase, planned, rows }: PlannedCase, metric: string): Coverage {
  const completed = rows.filter((row) => row.status === "completed");
  const have = completed.filter((row) => (row.scores[metric]?.value ?? null) !== null).length;
  const whys = completed.flatMap((row) => {
    const score = row.scores[metric];
    if (score === undefined) return [`${metric} was not measured`];
    return score.value === null ? [score.reason] : [];
  });
  const broken = rows.length - completed.length;
  if (broken > 0) whys.push(`${broken} ended in an error`);
  if (planned > rows.length) whys.push(`${planned - rows.length} not run`);
  const note = `${planned - have} of ${planned} trials without a score: ${[...new Set(whys)].join("; ")}`;
  return {
    of: planned,
    have,
    pending: planned - completed.length,
    missing: have === planned ? [] : [{ caseId: goldenCase.id, note }],
  };
}

function judge(rule: CoverageGate, { of, have, pending }: Coverage): Judgement {
  const where = rule.where === undefined ? "" : ` where ${rule.where}`;
  if (rule.coverage === "cases") {
    const reason = `${have} ${have === 1 ? "case" : "cases"}${where}, wanted at least ${rule.min}.`;
    return { verdict: have >= rule.min ? "pass" : "fail", reason };
  }
  if (of === 0) return { verdict: "inconclusive", reason: `No case of this run matches${where}.` };
  const needed = rule.min * of - ROUNDING;
  const verdict = have >= needed ? "pass" : have + pending < needed ? "fail" : "inconclusive";
  const share = `${have} of ${of} ${HAVE[rule.coverage]}${rule.coverage === "scored" ? ` of ${rule.metric}` : ""}`;
  const open = pending === 0 ? "" : `; ${outcomes(pending)} may still get one`;
  return { verdict, reason: `${share}${where}, wanted a share of at least ${rule.min}${open}.` };
}

function bySlice(
  rule: CoverageGate,
  cases: readonly PlannedCase[],
  whole: GateResult,
  context: GateContext,
): GateResult {
  const by = rule.by as NonNullable<CoverageGate["by"]>;
  const slices = new Map<string, PlannedCase[]>();
  for (const one of cases) {
    for (const slice of slicesOf(one.goldenCase, by)) {
      const members = slices.get(slice) ?? [];
      slices.set(slice, members);
      members.push(one);
    }
  }
  if (slices.size === 0) {
    return {
      ...whole,
      verdict: "inconclusive",
      reason: `No case has a ${by}, so there is no slice to look at.`,
    };
  }
  const parts = [...slices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([slice, members]): GateResult => ({
        ...whole,
        name: `${by} = ${slice}`,
        ...measured(rule, members, context),
      }),
    );
  const of = (verdict: Verdict) => parts.filter((part) => part.verdict === verdict);
  const verdict = of("fail").length > 0 ? "fail" : of("inconclusive").length > 0 ? "inconclusive" : "pass";
  const worst = of(verdict);
  const sliced = new Set([...slices.values()].flat()).size;
  const outside = cases.length - sliced;
  const rest = outside === 0 ? "" : ` ${outside} of ${cases.length} cases have no ${by} and are in no slice.`;
  const reason =
    verdict === "pass"
      ? `Each of the ${parts.length} slices by ${by} has at least ${rule.min}.`
      : `${worst.length} of ${parts.length} slices by ${by} ${verdict === "fail" ? "miss it" : "could not be judged"}; ${worst[0]?.name}: ${worst[0]?.reason}`;
  return {
    ...whole,
    verdict,
    reason: reason + rest,
    toSettle: verdict === "inconclusive" ? (worst[0]?.toSettle ?? null) : null,
    parts: [...of("fail"), ...of("inconclusive"), ...of("pass")].slice(0, MOST_CASES),
  };
}

function requiredOf(rule: CoverageGate): string {
  const where = rule.where === undefined ? "" : ` where ${rule.where}`;
  const by = rule.by === undefined ? "" : `, in every slice by ${rule.by}`;
  if (rule.coverage === "cases") return `>= ${rule.min} cases${where}${by}`;
  const what = rule.coverage === "reviewed" ? "cases reviewed" : `trials with ${rule.metric}`;
  return `share of ${what}${where} >= ${rule.min}${by}`;
}

function outcomes(pending: number): string {
  return `${pending} ${pending === 1 ? "trial" : "trials"} without an outcome`;
}
