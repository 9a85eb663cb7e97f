import { type Command, Option } from "commander";
import { systemClock } from "../core/clock.js";
import type { CommandIo } from "./io.js";
import { notesFor, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl readiness                                  what is met, a gap, or unknown
  agentctl readiness -o scorecard.html --fail-on gap  a scorecard; exits 1 on a gap

Exit codes: 0 scored; with --fail-on gap 1 when there is a gap, with --fail-on unknown also 4 when
the only open items are unknown; 2 wrong flags or files, 3 a history that cannot be read.`;

interface ReadinessOptions extends OutputFlags {
  readonly config?: string;
  readonly suite?: string;
  readonly output?: readonly string[];
  readonly failOn?: "gap" | "unknown";
}

export function addReadinessCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("readiness")
    .summary("score checklists for production from files and runs")
    .description(
      "Scores checklists of observability, reliability, safety, evaluation and SLOs from the files of a suite and its " +
        "stored runs, never by asking: each item with its evidence and what closes it. Nothing is run or changed.",
    )
    .option("--suite <name>", "suite to score (default: `default_suite` of agentctl.yaml)")
    .option("-o, --output <file...>", "write a scorecard; format by extension: .html .md .json")
    .addOption(
      new Option("--fail-on <state>", "exit 1 on a gap; unknown: also 4 on what nobody can tell").choices([
        "gap",
        "unknown",
      ]),
    )
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (flags: ReadinessOptions) => {
    const { scoreReadiness, exitCodeOfReadiness } = await import("../eval/readiness/readiness.js");
    const { renderReadiness, renderReadinessJson } = await import("../report/readiness/readiness-text.js");
    const services = { workingDirectory: io.cwd, env: io.env, clock: systemClock };
    const { report, written } = await scoreReadiness(flags, services);
    io.print(flags.json === true ? renderReadinessJson(report) : renderReadiness(report, io));
    const note = notesFor(flags, io);
    for (const file of written) note(`wrote ${file}`);
    io.setExitCode(exitCodeOfReadiness(report, flags.failOn));
  });
}
