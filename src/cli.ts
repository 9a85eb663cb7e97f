import type { Command, Option } from "commander";
import { addCanaryCommand } from "./commands/canary.js";
import { addChatCommand } from "./commands/chat.js";
import { addCiCommand } from "./commands/ci.js";
import { addCompareCommand } from "./commands/compare.js";
import { COMPLETE_CALL } from "./commands/completion/complete-line.js";
import { addCompletionCommand, answerCompletion } from "./commands/completion.js";
import { addDatasetCommand } from "./commands/dataset.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addEndpointCommand } from "./commands/endpoint.js";
import { applyEnvironment, EnvironmentCommand } from "./commands/environment.js";
import { addEvalCommand } from "./commands/eval.js";
import { addGateCommand } from "./commands/gate.js";
import { addGatewayCommand } from "./commands/gateway.js";
import { guardProcess } from "./commands/guard-process.js";
import { addImportCommand } from "./commands/import.js";
import { addIncidentCommand } from "./commands/incident.js";
import { addInitCommand } from "./commands/init.js";
import type { CommandIo } from "./commands/io.js";
import { addJudgeCommand } from "./commands/judge.js";
import { addMemoryCommand } from "./commands/memory.js";
import { addMetricsCommand } from "./commands/metrics.js";
import { processIo } from "./commands/process-io.js";
import { addReadinessCommand } from "./commands/readiness.js";
import { addReportCommand } from "./commands/report.js";
import { reportFailure } from "./commands/report-failure.js";
import { addReviewCommand } from "./commands/review.js";
import { addRunsCommand } from "./commands/runs.js";
import { addScoreCommand } from "./commands/score.js";
import { addIndexCommand } from "./commands/search-index.js";
import { addTraceCommand } from "./commands/trace.js";
import { addViewCommand } from "./commands/view.js";

const EXAMPLES = `
Examples:
  agentctl init my-agent && cd my-agent && agentctl eval
  agentctl eval --gate                          evaluate, then exit with the verdict of gates.yaml

Exit codes: 0 done or passed, 1 gate failed, 2 wrong flags or files, 3 infrastructure, 4 inconclusive,
70 a bug, 130 interrupted.`;

/** Without `[options]`, which all have: at 80 columns that leaves room for what a command does. */
function nameWithArguments(command: Command): string {
  const shown = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...shown].join(" ");
}

/** The whole command line. Declared without running anything, so that help and tests are cheap. */
export function buildProgram(io: CommandIo, version: string): Command {
  const program = new EnvironmentCommand("agentctl")
    .description("Evaluate, gate and promote LLM agents.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("next: add --help to see the arguments and flags")
    .configureHelp({ optionDescription: describeOption, subcommandTerm: nameWithArguments })
    .configureOutput({
      writeOut: (text) => io.print(text.trimEnd()),
      writeErr: (text) => io.note(text.trimEnd()),
    })
    .exitOverride()
    // `review` and `review serve` have flags of the same names.
    .enablePositionalOptions();
  program.addHelpText("after", EXAMPLES);
  addInitCommand(program, io);
  addEvalCommand(program, io);
  addGateCommand(program, io);
  addCompareCommand(program, io);
  addReportCommand(program, io);
  addCiCommand(program, io);
  addRunsCommand(program, io);
  addTraceCommand(program, io);
  addViewCommand(program, io);
  addChatCommand(program, io);
  addScoreCommand(program, io);
  addJudgeCommand(program, io);
  addReviewCommand(program, io);
  addIndexCommand(program, io);
  addMemoryCommand(program, io);
  addGatewayCommand(program, io);
  addCanaryCommand(program, io);
  addIncidentCommand(program, io);
  addEndpointCommand(program, io);
  addMetricsCommand(program, io);
  addImportCommand(program, io);
  addDatasetCommand(program, io);
  addDoctorCommand(program, io);
  addReadinessCommand(program, io);
  addCompletionCommand(program, io);
  return program;
}

/** Leaves the variable of each flag out: the help says the rule once. */
function describeOption(option: Option): string {
  const isPlainDefault =
    option.defaultValue !== undefined && !option.isBoolean() && option.defaultValue !== true;
  return isPlainDefault
    ? `${option.description} (default: ${String(option.defaultValue)})`
    : option.description;
}

/**
 * Runs one command line as a program of its own.
 *
 * @param args - arguments without `node` and the script
 * @param version - of the package
 */
export async function main(args: readonly string[], version: string): Promise<void> {
  const io = processIo();
  const isDone = guardProcess(io);
  await runCommandLine(args, version, io);
  isDone();
}

/** Runs one command line in the world that it is given. The only place that catches and prints errors. */
export async function runCommandLine(args: readonly string[], version: string, io: CommandIo): Promise<void> {
  try {
    const program = buildProgram(io, version);
    if (args[0] === COMPLETE_CALL) {
      await answerCompletion(program, args.slice(1), io);
      return;
    }
    await applyEnvironment(program, args, io);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    reportFailure(error, io);
  }
}
