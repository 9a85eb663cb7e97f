import { dirname, join, resolve } from "node:path";
import type { Trial } from "../core/trial.js";
import type { Agent } from "../runtime/agent.js";
import type { Project } from "./load-project.js";

/** The audit log of a project: beside the run history. */
export function auditFile(project: Project): string {
  return join(dirname(resolve(project.root, project.config.store)), "audit.db");
}

/** Anchors finished trials. */
interface TrialAudit {
  readonly onStored: (trials: readonly Trial[]) => void;
  readonly close: () => void;
}

/** What anchors the trials of an agent with guardrails in the audit log; for others nothing is anchored. */
export async function auditOf(
  project: Project,
  runId: string,
  { parts }: Pick<Agent, "parts">,
): Promise<TrialAudit> {
  if (!parts.some(({ name }) => name === "guardrails")) return { onStored: () => {}, close: () => {} };
  const [{ AuditLog }, { anchorOf, trialSubject }] = await Promise.all([
    import("../runtime/audit/audit-log.js"),
    import("../runtime/audit/conversation-audit.js"),
  ]);
  const log = new AuditLog(auditFile(project));
  return {
    onStored: (trials) =>
      log.append(trials.map((trial) => anchorOf(trialSubject(runId, trial), trial.events))),
    close: () => log.close(),
  };
}
