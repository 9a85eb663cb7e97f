import type { GatesConfig } from "../config/gates/gates-schema.js";
import type { Verdict } from "../core/score.js";
import { quarantine } from "./flaky/quarantine.js";
import type { GateEvidence, JudgedRun } from "./gate-evidence.js";
import { type AnyRule, uniqueNames } from "./gate-kind.js";
import type { GateReport, GateResult, SkippedGate } from "./gate-report.js";
import { judgeGate } from "./judge-gate.js";
import { whyNotCalibrated } from "./judge-standing.js";
import { type NamedRule, skipGates } from "./skip-gates.js";
import { decidingTrials, judgeDecided } from "./until/judge-decided.js";
import { applyWaivers } from "./waivers.js";

/** Confidence level of the intervals that the rules want, in (0, 1): `1 - defaults.alpha`. */
export function levelOf(rules: GatesConfig): number {
  return 1 - rules.defaults.alpha;
}

/**
 * Judges every rule whose condition holds, and the run as a whole. The worst decides, in the order error, fail,
 * inconclusive, pass:
 *
 * - `error`: no trial was executed at all, so nothing can be said of the agent.
 * - `fail`: a critical or major gate fails, or is inconclusive where `on_inconclusive` is `fail`; or a waiver has
 *   expired.
 * - `inconclusive`: such a gate is inconclusive, or trials of the plan are missing (errors, an interrupted run), or
 *   conditions left no critical or major gate to judge.
 * - a run that stopped early because its verdict was decided has the verdict that the whole run would have, within the
 *   error rate of the gates; a gate that was still open is inconclusive.
 * - `pass`: every critical and major gate that was judged passes on a complete run, or somebody answers for it.
 *
 * Gates of severity `minor` are warnings: judged and shown, without a say in the verdict of the whole.
 */
export function judgeGates(rules: GatesConfig, evidence: GateEvidence): GateReport {
  const run = evidence.judged;
  const declared: readonly AnyRule[] = [...rules.gates, ...(rules.slices ?? [])];
  const names = uniqueNames(declared);
  const { judged, skipped, notes } = skipGates(
    declared.map((rule, index) => ({ rule, name: names[index] as string })),
    evidence,
  );
  const prefix = run.status === "decided" ? decidingTrials(evidence) : null;
  const { results, ...waived } = applyWaivers(
    judged.map(({ rule, name }) =>
      prefix === null
        ? judgeGate(rule, { evidence, rules, name })
        : judgeDecided(rule, { evidence, rules, name }, prefix),
    ),
    rules.waivers ?? [],
    run.standings.now,
  );
  const findings = [
    ...completenessOf(run),
    ...nothingDecides(judged, skipped),
    ...waived.expired.map((reason): Finding => ({ verdict: "fail", reason })),
    ...results.flatMap((result, index) => {
      const onInconclusive = judged[index]?.rule.on_inconclusive ?? rules.defaults.on_inconclusive;
      return findingOf(result, onInconclusive);
    }),
  ];
  const quarantined = quarantine(rules, evidence, judgeGates);
  return {
    verdict: worstOf(findings.map((finding) => finding.verdict)),
    reasons: findings.map((finding) => finding.reason),
    notes: [
      ...run.notes,
      ...savedTrials(run),
      ...waived.notes,
      ...notes,
      ...results.flatMap(calibrationNotes),
      ...quarantined.notes,
    ],
    runId: run.runId,
    gatesHash: run.gatesHash,
    datasetHash: run.datasetHash,
    agentVersion: run.agentVersion,
    results,
    skipped,
    flaky: quarantined.flaky,
  };
}

/** What a run that stopped early did not have to do. */
function savedTrials({ status, planned, completed, errors }: JudgedRun): string[] {
  const saved = planned - completed - errors;
  if (status !== "decided" || saved <= 0) return [];
  const share = Math.round((100 * saved) / planned);
  return [
    `the run stopped when its verdict was decided, after ${planned - saved} of ${planned} trials: ${saved} (${share} %) were saved`,
  ];
}

/** Conditions may leave gates out, never all of those that decide: then nothing was judged. */
function nothingDecides(judged: readonly NamedRule[], skipped: readonly SkippedGate[]): Finding[] {
  if (skipped.length === 0 || judged.some(({ rule }) => rule.severity !== "minor")) return [];
  const left = judged.length === 0 ? "No gate was judged" : "No critical or major gate was judged";
  const reason = `${left}: the condition of ${skipped.map(({ name }) => name).join(", ")} does not hold.`;
  return [{ verdict: "inconclusive", reason }];
}

function calibrationNotes(result: GateResult): string[] {
  return [...new Set([...calibrationNote(result), ...result.parts.flatMap(calibrationNotes)])];
}

/** A judge that may gate says on what grounds. */
function calibrationNote({ metric, calibration }: GateResult): string[] {
  if (metric === null || calibration === null || whyNotCalibrated(metric, calibration) !== null) return [];
  const { judge, kappa, lower, upper, n, at, expiresAt } = calibration;
  const [value, low, high] = [kappa, lower, upper].map((one) => one?.toFixed(2) ?? "none");
  return [
    `${metric} is given by the judge ${judge}, calibrated on ${at.slice(0, 10)}: kappa ${value} [${low}, ${high}] on ${n} labelled items, until ${expiresAt.slice(0, 10)}`,
  ];
}

interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** The graver of some verdicts; `pass` when there are none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const order = ["error", "fail", "inconclusive"] as const;
  return order.find((verdict) => verdicts.includes(verdict)) ?? "pass";
}

function completenessOf(run: JudgedRun): Finding[] {
  const missing = Math.max(0, run.planned - run.completed - run.errors);
  if (run.completed === 0) {
    const found = `${run.errors} of ${run.planned} trials ended in an error, ${missing} were not run`;
    return [{ verdict: "error", reason: `No trial was executed: ${found}.` }];
  }
  const findings: Finding[] = [];
  if (run.errors > 0) {
    const what = `${run.errors} of ${run.planned} trials could not be executed`;
    const reason = run.rerunnable
      ? `${what}; run them again with agentctl eval --retry-errors ${run.runId}.`
      : `${what}; they crashed while they were recorded.`;
    findings.push({ verdict: "inconclusive", reason });
  }
  if (run.status !== "decided" && (missing > 0 || run.status !== "complete")) {
    const what = `${missing} of ${run.planned} trials are missing (the run is ${run.status})`;
    const reason = run.rerunnable
      ? `${what}; finish it with agentctl eval --resume ${run.runId}.`
      : `${what}; import the whole recording again.`;
    findings.push({ verdict: "inconclusive", reason });
  }
  return findings;
}

/** What a gate says to the verdict of the whole; `pass` where it has no say. */
export function sayOf(
  { severity, verdict }: Pick<GateResult, "severity" | "verdict">,
  isWaived: boolean,
  onInconclusive: "fail" | "inconclusive",
): Verdict {
  if (severity === "minor" || isWaived) return "pass";
  return verdict === "inconclusive" ? onInconclusive : verdict;
}

function findingOf(result: GateResult, onInconclusive: "fail" | "inconclusive"): Finding[] {
  if (sayOf(result, result.waiver !== null, onInconclusive) === "pass") return [];
  if (result.verdict !== "inconclusive") {
    return [{ verdict: result.verdict, reason: `${result.name} fails: ${result.reason}` }];
  }
  if (onInconclusive === "inconclusive") {
    return [{ verdict: "inconclusive", reason: `${result.name} is inconclusive: ${result.reason}` }];
  }
  const reason = `${result.name} is inconclusive, which counts as a failure (on_inconclusive: fail): ${result.reason}`;
  return [{ verdict: "fail", reason }];
}
