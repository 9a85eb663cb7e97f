import type { SliceGate } from "../../config/gates/gate-schema.js";
import type { Verdict } from "../../core/score.js";
import { baselineReference } from "../baseline/baseline-difference.js";
import { requiredOf } from "../baseline/judge-loss.js";
import { formatMargin, parseMargin } from "../baseline/margin.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import type { Slice } from "../slices/find-slices.js";
import type { JudgedSlice } from "../slices/judged-slice.js";
import { lossSlices, type SliceJudge, withAdjustedP } from "../slices/loss-slices.js";
import { stepDown } from "../slices/step-down.js";
import { thresholdSlices } from "../slices/threshold-slices.js";
import { unjudged } from "../unjudged.js";

const WORST_FIRST: readonly Verdict[] = ["error", "fail", "inconclusive", "pass"];
/** Slices that a sentence names. */
const MOST_NAMED = 5;

/**
 * Judges a rule on every slice of the golden set; the worst slice decides.
 *
 * A slice passes by the rule at its own alpha: that all of them hold is claimed only when each is shown, which needs no
 * correction. A slice fails only when it still does after Holm's correction over all slices that are judged, so that the
 * chance of even one false alarm stays below alpha; `correction: none` leaves that out, and a threshold on the estimate has
 * nothing to correct. Slices with fewer cases than `min_cases` are listed as inconclusive and do not count.
 */
export function judgeSlices(rule: SliceGate, context: GateContext): GateResult {
  const result = {
    ...unjudged(rule, "slices", context.name),
    metric: rule.metric,
    min: rule.min ?? null,
    max: rule.max ?? null,
    bound: rule.bound,
    required: requiredInWords(rule, context),
  };
  const judge = rule.no_worse_than === undefined ? thresholdSlices(rule, context) : lossSlices(rule, context);
  if ("unknown" in judge) {
    return { ...result, ...judge.whole, verdict: "inconclusive", reason: judge.unknown };
  }
  const large = judge.slices.filter(({ caseIds }) => caseIds.size >= rule.min_cases);
  const small = judge.slices.filter(({ caseIds }) => caseIds.size < rule.min_cases);
  const parts = withAdjustedP(corrected(large.map(judge.judge), rule.correction));
  const verdict = WORST_FIRST.find((one) => parts.some((part) => part.verdict === one)) ?? "inconclusive";
  const worst = parts.filter((part) => part.verdict === verdict);
  const ordered = WORST_FIRST.flatMap((one) => parts.filter((part) => part.verdict === one));
  return {
    ...result,
    ...judge.whole,
    verdict,
    reason: reasonOf(rule, judge, parts, small),
    toSettle: verdict === "inconclusive" ? firstToSettle(worst) : null,
    parts: [...ordered, ...small.map((slice) => notJudged(rule, slice, result))],
  };
}

/** Failures that Holm's correction takes back are inconclusive. */
function corrected(slices: readonly JudgedSlice[], correction: SliceGate["correction"]): GateResult[] {
  if (correction === "none") return slices.map(({ result }) => result);
  const tested = slices.filter(({ result, failsAmong }) => failsAmong !== null && hasInterval(result));
  const rejected = stepDown(tested.length, (index, among) => tested[index]?.failsAmong?.(among) ?? false);
  const open = tested.length - rejected.size;
  return slices.map((slice) => {
    const { result, failsAmong, toFailAmong } = slice;
    if (result.verdict !== "fail" || failsAmong === null || rejected.has(tested.indexOf(slice)))
      return result;
    const reason = `${result.reason} Among ${tested.length} slices that is no proof: one of them would look so by chance too often (Holm).`;
    return { ...result, verdict: "inconclusive", reason, toSettle: toFailAmong(open) };
  });
}

function hasInterval({ kind, estimate, difference }: GateResult): boolean {
  const limits = kind === "no-worse" ? difference : estimate;
  return limits !== null && (limits.lower !== null || limits.upper !== null);
}

function notJudged(rule: SliceGate, slice: Slice, whole: Pick<GateResult, "required">): GateResult {
  return {
    ...unjudged(rule, rule.no_worse_than === undefined ? "threshold" : "no-worse", slice.name),
    metric: rule.metric,
    required: whole.required,
    verdict: "inconclusive",
    reason: `Not judged, and without a say: ${slice.caseIds.size} of at least ${rule.min_cases} cases.`,
  };
}

function firstToSettle(parts: readonly GateResult[]): string | null {
  const [found] = parts.filter(({ toSettle }) => toSettle !== null);
  return found === undefined ? null : `${found.name}: ${found.toSettle}`;
}

function reasonOf(
  rule: SliceGate,
  { slices, notes }: SliceJudge,
  parts: readonly GateResult[],
  small: readonly Slice[],
): string {
  if (slices.length === 0) return `No case has a ${rule.by.join(" or ")}, so there is no slice to judge.`;
  const left = small.length === 0 ? "" : ` ${smallInWords(small, rule.min_cases)}`;
  if (parts.length === 0) return `No slice has the ${rule.min_cases} cases that it takes to be judged.`;
  const named = (verdict: Verdict, word: string) => {
    const found = parts.filter((part) => part.verdict === verdict);
    if (found.length === 0) return [];
    const names = found.slice(0, MOST_NAMED).map(({ name }) => name);
    const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more` : "";
    return [`${found.length} of ${parts.length} ${word}: ${names.join(", ")}${more}`];
  };
  const bad = [...named("fail", "fail"), ...named("inconclusive", "are inconclusive")];
  const first =
    parts.find(({ verdict }) => verdict === "fail") ?? parts.find(({ verdict }) => verdict !== "pass");
  const what =
    first === undefined
      ? parts.length === 1
        ? "The one slice holds."
        : `All ${parts.length} slices hold.`
      : `Of the slices ${bad.join("; ")}. ${first.name}: ${first.reason}`;
  return `${what}${left}${notes.map((note) => ` ${note}`).join("")}`;
}

function smallInWords(small: readonly Slice[], least: number): string {
  const names = small.slice(0, MOST_NAMED).map(({ name, caseIds }) => `${name} (${caseIds.size})`);
  const more = small.length > MOST_NAMED ? ` and ${small.length - MOST_NAMED} more` : "";
  return `With fewer than ${least} cases, not judged: ${names.join(", ")}${more}.`;
}

function requiredInWords(rule: SliceGate, { evidence, rules }: GateContext): string {
  const each = `in every slice by ${rule.by.join(", ")}`;
  if (rule.no_worse_than === undefined) {
    const prefix = rule.bound === "estimate" ? "" : `${rule.bound} bound `;
    const sides = [
      ...(rule.min === undefined ? [] : [`>= ${rule.min}`]),
      ...(rule.max === undefined ? [] : [`<= ${rule.max}`]),
    ];
    return `${prefix}${sides.join(" and ")} ${each}`;
  }
  const metric = evidence.own.set.metrics.find(({ name }) => name === rule.metric);
  const { amount, isRelative } = parseMargin(rule.margin ?? 0);
  const limit = formatMargin(amount, { unit: metric?.unit ?? "score", isRelative });
  const reference = baselineReference(rule.no_worse_than, rules);
  const alpha = rule.alpha ?? rules.defaults.alpha;
  return `${requiredOf(limit, metric?.direction ?? "higher", reference, alpha)}, ${each}`;
}
