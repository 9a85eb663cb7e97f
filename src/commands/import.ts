import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { collectTags, notesFor, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl import tau results.jsonl --domain airline
  agentctl import tau gpt-4.1.json --domain retail --cassette cassettes/retail.jsonl --tag gpt-4.1`;

interface ImportTauFlags extends OutputFlags {
  readonly domain: string;
  readonly cassette?: string;
  readonly tag?: readonly string[];
  readonly config?: string;
}

export function addImportCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("import")
    .summary("turn results of other tools into runs")
    .description("Turns results of other tools into runs that can be gated, traced and reported.")
    .addHelpText("after", EXAMPLES);
  const command = group
    .command("tau")
    .summary("store recorded simulations of tau-bench or tau2-bench as a run")
    .description(
      "Stores recorded simulations of tau-bench or tau2-bench as a run, with the rewards that the recording states, " +
        "and writes a cassette that `agentctl eval --recording` replays.",
    )
    .argument("<file>", "results of tau-bench or tau2-bench: JSON or JSONL, one simulation each")
    .requiredOption("--domain <name>", "airline, retail …: case ids become <domain>-<task id>")
    .option("--cassette <file>", "cassette to write")
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: ImportTauFlags) => {
    const { importTau } = await import("../eval/import-tau.js");
    const { systemClock } = await import("../core/clock.js");
    const { renderSummary } = await import("../report/terminal.js");
    const { renderJson } = await import("../report/json.js");
    const { report, cassette } = await importTau(file, flags, {
      workingDirectory: io.cwd,
      clock: systemClock,
    });
    io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
    if (cassette !== null) notesFor(flags, io)(`wrote ${cassette}`);
  });
}
