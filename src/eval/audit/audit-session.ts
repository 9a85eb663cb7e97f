import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock } from "../../core/clock.js";
import { UsageError } from "../../core/errors.js";
import type { AuditReport } from "../../report/audit-report.js";
import type { AuditHead, AuditLog } from "../../runtime/audit/audit-log.js";
import { chainProblems, liveRecordsOf, sessionSubject } from "../../runtime/audit/live-audit.js";
import { conversationFile } from "../../runtime/session/conversation-database.js";
import { openSessionStore } from "../../runtime/session/sqlite-session-store.js";

/**
 * The audit trail of a conversation of `agentctl chat`. It stands in the log itself, without any text, and is still there
 * when the conversation was deleted.
 *
 * @throws {UsageError} when the log knows no such session
 */
export function auditSession(
  sessionId: string,
  file: string,
  log: AuditLog | null,
  head: AuditHead | null,
): AuditReport {
  const found = log === null ? [] : liveRecordsOf(log, sessionSubject(sessionId));
  if (log === null || found.length === 0) {
    throw new UsageError(`the audit log holds no session "${sessionId}"`, {
      nextStep: "`agentctl chat` says at its end under which id its session goes on",
    });
  }
  const records = found.map((record) => ({ ...record, conversation_id: sessionId, reason: null }));
  const state = log.check(head);
  const problems = [...chainProblems(found, sessionId), ...state.problems];
  return {
    run_id: "chat",
    case_id: sessionId,
    trial: 0,
    agent: agentOf(sessionId, dirname(file)),
    records,
    verdict: problems.length > 0 ? "tampered" : "whole",
    problems,
    log: { rows: state.rows, head: state.head },
  };
}

function agentOf(sessionId: string, dataFolder: string): string {
  const file = conversationFile(dataFolder);
  const store = existsSync(file) ? openSessionStore(file, { clock: systemClock }) : null;
  try {
    const session = store?.find(sessionId) ?? null;
    return session === null ? "deleted session" : `${session.agentName}@${session.agentVersion.slice(0, 8)}`;
  } finally {
    store?.close();
  }
}
