import { dirname, join, resolve } from "node:path";
import type { Trial } from "../../core/trial.js";
import type { Evaluation } from "../evaluation.js";
import type { Project } from "../project/load-project.js";

/** The audit log of a project: beside the run history. */
export function auditFile(project: Project): string {
  return auditFileIn(dirname(resolve(project.root, project.config.store)));
}

/** @param dataFolder - where the run history lies */
export function auditFileIn(dataFolder: string): string {
  return join(dataFolder, "audit.db");
}

/** Anchors finished trials. */
interface TrialAudit {
  /** Before trials are stored: a trial that is stored is anchored, whenever the process is killed. */
  readonly onFinished: (trials: readonly Trial[]) => void;
  readonly close: () => void;
}

const NO_AUDIT: TrialAudit = { onFinished: () => {}, close: () => {} };

/**
 * What anchors the trials of a run in the audit log. Not audited is an agent that can only talk: built in, without
 * environment, tools, documents and parts, so that it decides nothing beside its words.
 */
export async function auditOf(
  project: Project,
  runId: string,
  { agent, cases, environmentOf }: Pick<Evaluation, "agent" | "cases" | "environmentOf">,
): Promise<TrialAudit> {
  const { parts, tools, retrieval, strategy } = agent;
  const hasWorld = cases.some((one) => environmentOf(one) !== null);
  const canOnlyTalk = parts.length === 0 && tools.length === 0 && retrieval === null && !hasWorld;
  if (canOnlyTalk && strategy.name === "react") return NO_AUDIT;
  const [{ AuditLog }, { anchorOf, trialSubject }] = await Promise.all([
    import("../../runtime/audit/audit-log.js"),
    import("../../runtime/audit/conversation-audit.js"),
  ]);
  const log = new AuditLog(auditFile(project));
  return {
    onFinished: (trials) =>
      log.append(trials.map((trial) => anchorOf(trialSubject(runId, trial), trial.events))),
    close: () => log.close(),
  };
}
