import { type Command, InvalidArgumentError } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { CommandIo } from "./io.js";
import { nonNegativeInteger, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl trace latest key-reset-01             the waterfall of its first failed trial
  agentctl trace latest airline-7 --trial 2 --json
  agentctl trace latest override-01 --audit      what was decided, why, on what, by what
  agentctl trace chat billing-7 --audit          the same of a conversation of \`agentctl chat\`

Exit codes of --audit: 0 whole or not anchored, 1 tampered with, 4 removed from the history.`;

interface TraceFlags extends OutputFlags {
  readonly trial?: number;
  readonly config?: string;
  readonly audit?: true;
  readonly head?: { readonly sequence: number; readonly hash: string };
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
    .option(
      "--head <n:hash>",
      "with --audit: a head of the log noted down earlier, to check it by",
      auditHead,
    )
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (run: string, caseId: string, flags: TraceFlags) => {
    if (flags.audit === true) return audit(run, caseId, flags, io);
    const { traceStoredTrial } = await import("../eval/run/trace-stored-trial.js");
    const { renderWaterfall } = await import("../report/waterfall.js");
    const { renderTraceRecord } = await import("../report/trace-record.js");
    const found = traceStoredTrial(run, caseId, flags, io.cwd);
    io.print(flags.json === true ? renderTraceRecord(found) : renderWaterfall(found, io));
  });
}

async function audit(run: string, caseId: string, flags: TraceFlags, io: CommandIo): Promise<void> {
  const { auditStoredTrial } = await import("../eval/audit/audit-stored-trial.js");
  const { renderAudit, renderAuditDocument } = await import("../report/audit-text.js");
  const report = auditStoredTrial(run, caseId, flags, io.cwd);
  io.print(flags.json === true ? renderAuditDocument(report) : renderAudit(report, io));
  if (report.verdict === "tampered") io.setExitCode(EXIT.gateFailed);
  if (report.verdict === "removed") io.setExitCode(EXIT.inconclusive);
}

function auditHead(text: string): { readonly sequence: number; readonly hash: string } {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) {
    throw new InvalidArgumentError("expected a head as --audit prints it: a number, a colon, 64 hex digits");
  }
  return { sequence: Number(sequence), hash };
}
