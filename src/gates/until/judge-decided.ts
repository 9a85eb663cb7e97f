import type { GatesConfig } from "../../config/gates/gates-schema.js";
import type { TrialRow } from "../../metrics/metric.js";
import type { GateEvidence } from "../gate-evidence.js";
import type { AnyRule } from "../gate-kind.js";
import type { GateReport, GateResult } from "../gate-report.js";
import { type GateContext, judgeGate } from "../judge-gate.js";
import { runWithRows } from "./complete-run.js";
import { decideGate } from "./decide-gate.js";
import { prefixOf, type TrialPrefix } from "./trial-prefix.js";

/** Judges one rule on a run that stopped once its verdict was known: what is not decided is inconclusive. */
export function judgeDecided(rule: AnyRule, context: GateContext, prefix: TrialPrefix): GateResult {
  const soFar = judgeGate(rule, context);
  const decision = decideGate(rule, context, prefix, judgeGate);
  const told = `So far: ${soFar.reason}`;
  if (decision === null) {
    const reason = `Still open when the run stopped. ${told}`;
    return { ...soFar, verdict: "inconclusive", reason };
  }
  const isSame = decision.reason === soFar.reason;
  const reason = isSame ? soFar.reason : `${decision.reason} ${told}`;
  return { ...soFar, verdict: decision.verdict, reason, toSettle: null };
}

/** The trials of a run that count for what is decided. */
export function decidingTrials({ own }: GateEvidence): TrialPrefix {
  return prefixOf(own.run.plan, own.rows);
}

/** The evidence of a run that goes on, as if it stopped now. */
export function asDecided(evidence: GateEvidence, rows: readonly TrialRow[]): GateEvidence {
  const { own, judged } = evidence;
  const errors = rows.filter((row) => row.status === "error").length;
  return {
    ...evidence,
    judged: { ...judged, status: "decided", completed: rows.length - errors, errors },
    estimates: [],
    own: runWithRows(own, rows),
  };
}

/**
 * Whether the verdict of the whole is known: all gates that decide pass, or one of them fails, whatever the remaining
 * trials give.
 */
export function isDecided(
  rules: GatesConfig,
  evidence: GateEvidence,
  judge: (rules: GatesConfig, evidence: GateEvidence) => GateReport,
): boolean {
  const { verdict, results } = judge(rules, evidence);
  return (
    verdict === "pass" ||
    results.some((one) => one.verdict === "fail" && one.severity !== "minor" && one.waiver === null)
  );
}
