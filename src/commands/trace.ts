import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { nonNegativeInteger, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl trace latest key-reset-01             the waterfall of its first failed trial
  agentctl trace latest airline-7 --trial 2 --json`;

interface TraceFlags extends OutputFlags {
  readonly trial?: number;
  readonly config?: string;
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
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (run: string, caseId: string, flags: TraceFlags) => {
    const { traceStoredTrial } = await import("../eval/trace-stored-trial.js");
    const { renderWaterfall } = await import("../report/waterfall.js");
    const { renderTraceRecord } = await import("../report/trace-record.js");
    const found = traceStoredTrial(run, caseId, flags, io.cwd);
    io.print(flags.json === true ? renderTraceRecord(found) : renderWaterfall(found, io));
  });
}
