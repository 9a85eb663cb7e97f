import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { collect } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl import tau results.jsonl --domain airline
  agentctl import tau gpt-4.1.json --domain retail --cassette cassettes/retail.jsonl --tag gpt-4.1`;

interface ImportTauFlags {
  readonly domain: string;
  readonly cassette?: string;
  readonly tag?: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

export function addImportCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("import")
    .summary("turn results of other tools into runs")
    .addHelpText("after", EXAMPLES);
  group
    .command("tau")
    .description(
      "Stores recorded simulations of tau-bench or tau2-bench as a run, with the rewards that the recording states, " +
        "and writes a cassette that `agentctl eval --recording` replays.",
    )
    .argument("<file>", "results of tau-bench or tau2-bench: JSON or JSONL, one simulation each")
    .requiredOption("--domain <name>", "airline, retail …: case ids become <domain>-<task id>")
    .option("--cassette <file>", "cassette to write")
    .option("--tag <tag>", "tag the run; repeatable", collect)
    .option("-c, --config <file>", "project file (default: agentctl.yaml here or above)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: ImportTauFlags) => {
      const { importTau } = await import("../eval/import-tau.js");
      const { systemClock } = await import("../core/clock.js");
      const { renderSummary } = await import("../report/terminal.js");
      const { renderJson } = await import("../report/json.js");
      const { report, cassette } = await importTau(file, flags, {
        workingDirectory: io.cwd,
        clock: systemClock,
      });
      io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
      if (cassette !== null) io.note(`wrote ${cassette}`);
    });
}
