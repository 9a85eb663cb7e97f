import { existsSync } from "node:fs";
import type { AgentEvent } from "../core/events.js";
import type { AuditReport } from "../report/audit-report.js";
import { AuditLog } from "../runtime/audit/audit-log.js";
import { auditRecordsOf } from "../runtime/audit/audit-record.js";
import { checkAnchor, trialSubject } from "../runtime/audit/conversation-audit.js";
import { auditFile } from "./audit-trials.js";
import { loadProject } from "./load-project.js";
import { traceStoredTrial } from "./trace-stored-trial.js";

/**
 * The audit trail of a stored trial, derived from its events, and held against what was anchored when it ran. The whole
 * log is checked with it.
 *
 * @throws {UsageError} when run, case or trial do not exist
 */
export function auditStoredTrial(
  reference: string,
  caseId: string,
  flags: { readonly trial?: number; readonly config?: string },
  workingDirectory: string,
): AuditReport {
  const { run, trial } = traceStoredTrial(reference, caseId, flags, workingDirectory);
  const reasons = new Map(trial.events.map((event) => [event.event_id, reasonOf(event)]));
  const report = {
    run_id: run.id,
    case_id: trial.caseId,
    trial: trial.trial,
    agent: `${run.agentName}@${run.agentVersion.slice(0, 8)}`,
    records: auditRecordsOf(trial.events).map((record) => ({
      ...record,
      reason: reasons.get(record.event_id) ?? null,
    })),
  };
  const file = auditFile(loadProject(flags.config, workingDirectory));
  if (!existsSync(file)) return { ...report, ...withoutLog(`${file}.head`) };
  const log = new AuditLog(file);
  try {
    const own = checkAnchor(log, trialSubject(run.id, trial), trial.events);
    const { rows, head, problems: ofLog } = log.check();
    const problems = [...(own ?? []), ...ofLog];
    const verdict = problems.length > 0 ? "tampered" : own === null ? "not-anchored" : "whole";
    return { ...report, verdict, problems, log: { rows, head } };
  } finally {
    log.close();
  }
}

/** A head without its log: somebody took the log away. */
function withoutLog(head: string): Pick<AuditReport, "verdict" | "problems" | "log"> {
  return existsSync(head)
    ? { verdict: "tampered", problems: ["the audit log was deleted; its head is still there"], log: null }
    : { verdict: "not-anchored", problems: [], log: null };
}

function reasonOf(event: AgentEvent): string | null {
  switch (event.event_type) {
    case "guardrail_triggered":
    case "effect_recorded":
      return event.payload.detail === "" ? null : event.payload.detail;
    case "strategy_selected":
      return event.payload.reasons.join("; ");
    case "error":
      return event.payload.message;
    default:
      return null;
  }
}
