import { existsSync } from "node:fs";
import { UsageError } from "../../core/errors.js";
import type { AgentEvent } from "../../core/events.js";
import type { RunHeader } from "../../core/run.js";
import type { AuditReport } from "../../report/audit-report.js";
import { type AuditHead, AuditLog } from "../../runtime/audit/audit-log.js";
import { auditRecordsOf } from "../../runtime/audit/audit-record.js";
import { checkAnchor, isAnchored, trialSubject } from "../../runtime/audit/conversation-audit.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { traceStoredTrial } from "../run/trace-stored-trial.js";
import { auditSession } from "./audit-session.js";
import { auditFile } from "./audit-trials.js";

interface AuditFlags {
  readonly trial?: number;
  readonly config?: string;
  /** A head of the log that was noted down elsewhere. */
  readonly head?: AuditHead;
}

/** What stands in place of a run for conversations of `agentctl chat`. */
const CHAT = "chat";

/**
 * The audit trail of a stored trial, derived from its events, and held against what was anchored when it ran; or, for
 * the run `chat`, that of a session. The whole log is checked with it.
 *
 * @throws {UsageError} when run, case, trial or session do not exist
 * @throws {StoreError} when log or run history cannot be read
 */
export function auditStoredTrial(
  reference: string,
  caseId: string,
  flags: AuditFlags,
  workingDirectory: string,
): AuditReport {
  const file = auditFile(loadProject(flags.config, workingDirectory));
  const log = existsSync(file) ? new AuditLog(file) : null;
  try {
    if (reference === CHAT) return auditSession(caseId, file, log, flags.head ?? null);
    const report = trailOf(reference, caseId, flags, workingDirectory, log);
    const state = log?.check(flags.head ?? null) ?? null;
    const problems = [...report.problems, ...(state?.problems ?? withoutLog(file))];
    return {
      ...report,
      problems,
      verdict: problems.length > 0 && report.verdict !== "removed" ? "tampered" : report.verdict,
      log: state === null ? null : { rows: state.rows, head: state.head },
    };
  } finally {
    log?.close();
  }
}

/** A head without its log: somebody took the log away. */
function withoutLog(file: string): readonly string[] {
  return existsSync(`${file}.head`) ? ["the audit log was deleted; its head is still there"] : [];
}

function trailOf(
  reference: string,
  caseId: string,
  flags: AuditFlags,
  workingDirectory: string,
  log: AuditLog | null,
): Omit<AuditReport, "log"> {
  let found: ReturnType<typeof traceStoredTrial>;
  try {
    found = traceStoredTrial(reference, caseId, flags, workingDirectory);
  } catch (error) {
    const removed =
      error instanceof UsageError ? removedTrial(reference, caseId, flags, workingDirectory, log) : null;
    if (removed === null) throw error;
    return removed;
  }
  const { run, trial } = found;
  const reasons = new Map(trial.events.map((event) => [event.event_id, reasonOf(event)]));
  const problems = log === null ? null : checkAnchor(log, trialSubject(run.id, trial), trial.events);
  return {
    ...headingOf(run, trial.caseId, trial.trial),
    records: auditRecordsOf(trial.events).map((record) => ({
      ...record,
      reason: reasons.get(record.event_id) ?? null,
    })),
    verdict: problems === null ? "not-anchored" : "whole",
    problems: problems ?? [],
  };
}

/** A trial that was anchored and is not stored; `null` when it never was. */
function removedTrial(
  reference: string,
  caseId: string,
  { trial, config }: AuditFlags,
  workingDirectory: string,
  log: AuditLog | null,
): Omit<AuditReport, "log"> | null {
  if (log === null) return null;
  const store = openProjectStore(loadProject(config, workingDirectory));
  try {
    const run = requireRun(store, reference);
    const gone = run.plan.find(
      (one) =>
        one.caseId === caseId &&
        (trial === undefined || one.trial === trial) &&
        isAnchored(log, trialSubject(run.id, one)),
    );
    if (gone === undefined) return null;
    return { ...headingOf(run, caseId, gone.trial), records: [], verdict: "removed", problems: [] };
  } finally {
    store.close();
  }
}

function headingOf(run: RunHeader, caseId: string, trial: number) {
  const agent = `${run.agentName}@${run.agentVersion.slice(0, 8)}`;
  return { run_id: run.id, case_id: caseId, trial, agent };
}

/** Why, or what exactly: in the words of the stored event. */
function reasonOf(event: AgentEvent): string | null {
  switch (event.event_type) {
    case "msg_received":
    case "response_sent":
      return JSON.stringify(event.payload.text);
    case "llm_call_end":
      return event.payload.text === null ? null : JSON.stringify(event.payload.text);
    case "tool_call_start":
      return JSON.stringify(event.payload.arguments);
    case "tool_call_end":
      return event.payload.result;
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
