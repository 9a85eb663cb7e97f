import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";
import { nonNegativeInteger, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl trace latest key-reset-01             the waterfall of its first failed trial
  agentctl trace latest airline-7 --trial 2 --json
  agentctl trace latest override-01 --audit      what was decided, why and by what; exit code 1 if tampered with`;

interface TraceFlags extends OutputFlags {
  readonly trial?: number;
  readonly config?: string;
  readonly audit?: true;
}

export function addTraceCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("trace")
    .summary("show what happened in one trial")
    .description(
      "Shows one trial as a waterfall: model calls, tool calls, retrieval, cost, scores, why it stopped.",
    )
    .argument("<run>", "run id, its beginning, a tag, or `latest`")
    .argument("<case>", "case id")
    .option("--trial <n>", "trial, counted from 0 (default: the first that failed)", nonNegativeInteger)
    .option("--audit", "show the audit trail instead, and check that nobody changed it")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (run: string, caseId: string, flags: TraceFlags) => {
    if (flags.audit === true) return audit(run, caseId, flags, io);
    const { traceStoredTrial } = await import("../eval/trace-stored-trial.js");
    const { renderWaterfall } = await import("../report/waterfall.js");
    const { renderTraceRecord } = await import("../report/trace-record.js");
    const found = traceStoredTrial(run, caseId, flags, io.cwd);
    io.print(flags.json === true ? renderTraceRecord(found) : renderWaterfall(found, io));
  });
}

async function audit(run: string, caseId: string, flags: TraceFlags, io: CommandIo): Promise<void> {
  const { auditStoredTrial } = await import("../eval/audit-stored-trial.js");
  const { renderAudit, renderAuditDocument } = await import("../report/audit-text.js");
  const report = auditStoredTrial(run, caseId, flags, io.cwd);
  io.print(flags.json === true ? renderAuditDocument(report) : renderAudit(report, io));
  if (report.verdict === "tampered") io.setExitCode(EXIT.gateFailed);
}
