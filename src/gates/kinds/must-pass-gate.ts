import type { MustPassGate } from "../../config/gates/gate-schema.js";
import { listNames, nearest } from "../../core/nearest.js";
import type { Verdict } from "../../core/score.js";
import { TASK_SUCCESS } from "../../metrics/agent/task-success.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { GateResult } from "../gate-report.js";
import type { GateContext } from "../judge-gate.js";
import { unjudged } from "../unjudged.js";
import { countedEstimate } from "./counted-estimate.js";
import { MOST_CASES, type PlannedCase, selectCases, trialsOf } from "./planned-cases.js";

interface JudgedCase {
  readonly caseId: string;
  readonly verdict: Exclude<Verdict, "error">;
  /** Empty for a case that passes. */
  readonly note: string;
}

const WANTED: Readonly<Record<MustPassGate["trials"], string>> = {
  all: "all trials",
  any: "at least one trial",
  majority: "more than half of the trials",
};
const SHOWN_IDS = 5;

/**
 * Judges cases that may never fail again: each must pass in all, any or more than half of its planned trials.
 *
 * A trial passes with task.success 1. A trial that broke, was not run, or has no such score is missing evidence: its
 * case passes or fails only where the other trials decide. The gate fails when a case fails, else is inconclusive when
 * one is undecided, is not in the run, or none is named at all.
 */
export function judgeMustPass(rule: MustPassGate, context: GateContext): GateResult {
  const result = { ...unjudged(rule, "must-pass", context.name), required: requiredOf(rule) };
  const judged = judgeCases(rule, context);
  if (typeof judged === "string") return { ...result, verdict: "inconclusive", reason: judged };
  const failed = judged.filter(({ verdict }) => verdict === "fail");
  const undecided = judged.filter(({ verdict }) => verdict === "inconclusive");
  const passed = judged.length - failed.length - undecided.length;
  const verdict = failed.length > 0 ? "fail" : undecided.length > 0 ? "inconclusive" : "pass";
  const count = {
    metric: TASK_SUCCESS,
    unit: "proportion",
    direction: "higher",
    value: judged.length === undecided.length ? null : passed / (passed + failed.length),
    n: passed + failed.length,
    unscored: undecided.length === 0 ? {} : { undecided: undecided.length },
  } as const;
  return {
    ...result,
    estimate: countedEstimate(count, context),
    verdict,
    reason:
      verdict === "pass"
        ? `${judged.length === 1 ? "The one case" : `All ${judged.length} cases`} passed in ${WANTED[rule.trials]}.`
        : `${sentence(failed, judged.length, "did not pass")} ${sentence(undecided, judged.length, "could not be judged")}`.trim(),
    toSettle:
      verdict === "inconclusive"
        ? `an outcome of ${undecided.length} more case${undecided.length === 1 ? "" : "s"}`
        : null,
    cases: [...failed, ...undecided].slice(0, MOST_CASES).map(({ caseId, note }) => ({ caseId, note })),
  };
}

function requiredOf({ must_pass: which, trials }: MustPassGate): string {
  const cases = typeof which === "string" ? `every case where ${which}` : `${listNames(which, SHOWN_IDS)}`;
  return `${cases} passes in ${WANTED[trials]}`;
}

function judgeCases(rule: MustPassGate, { evidence }: GateContext): JudgedCase[] | string {
  const { own } = evidence;
  if (typeof rule.must_pass === "string") {
    const selection = selectCases(own, rule.must_pass);
    if ("unknown" in selection) return selection.unknown;
    if (selection.cases.length === 0) return `No case of this run matches ${rule.must_pass}.`;
    return selection.cases.map((one) => judgeCase(one.goldenCase.id, one, rule.trials));
  }
  const trials = trialsOf(own);
  return [...new Set(rule.must_pass)].map((caseId) => {
    const found = trials.get(caseId);
    if (found !== undefined) return judgeCase(caseId, found, rule.trials);
    const near = nearest(caseId, trials.keys());
    const note = `is not in this run${near === undefined ? "" : `, which has \`${near}\``}`;
    return { caseId, verdict: "inconclusive", note };
  });
}

function judgeCase(
  caseId: string,
  { planned, rows }: Omit<PlannedCase, "goldenCase">,
  wanted: MustPassGate["trials"],
): JudgedCase {
  const outcomes = rows.map(outcomeOf);
  const passed = outcomes.filter((outcome) => outcome === "passed").length;
  const failed = outcomes.filter((outcome) => outcome === "failed").length;
  const verdict = verdictOf(wanted, passed, failed, planned);
  if (verdict === "pass") return { caseId, verdict, note: "" };
  if (verdict === "fail") return { caseId, verdict, note: `failed in ${failed} of ${planned} trials` };
  const whys = outcomes.filter((outcome) => outcome !== "passed" && outcome !== "failed");
  const all = [...new Set([...whys, ...(rows.length < planned ? ["not run"] : [])])];
  return {
    caseId,
    verdict,
    note: `has no outcome of ${planned - passed - failed} of ${planned} trials: ${all.join("; ")}`,
  };
}

/** `passed`, `failed`, or why nobody knows. */
function outcomeOf(row: TrialRow): string {
  if (row.status === "error") return `error ${row.errorCode ?? "UNKNOWN"}`;
  const score = row.scores[TASK_SUCCESS];
  if (score === undefined) return `${TASK_SUCCESS} was not measured`;
  if (score.value === null) return score.reason;
  return score.value === 1 ? "passed" : "failed";
}

/** What is known of the trials decides, or nothing does. */
function verdictOf(
  wanted: MustPassGate["trials"],
  passed: number,
  failed: number,
  planned: number,
): JudgedCase["verdict"] {
  const needed = { all: planned, any: 1, majority: Math.floor(planned / 2) + 1 }[wanted];
  if (passed >= needed) return "pass";
  return planned - failed < needed ? "fail" : "inconclusive";
}

function sentence(cases: readonly JudgedCase[], of: number, what: string): string {
  const [first] = cases;
  if (first === undefined) return "";
  const ids = cases.map(({ caseId }) => caseId);
  const which = ids.length === 1 ? `\`${first.caseId}\` ${first.note}` : listNames(ids, SHOWN_IDS);
  return `${ids.length} of ${of} cases ${what}: ${which}.`;
}
