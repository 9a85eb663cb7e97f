import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { collectTags, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl import bfcl results.jsonl --cases simple_python.jsonl --gold simple_python.gold.jsonl
  agentctl import bfcl results.jsonl --cases irrelevance.jsonl --tag candidate`;

interface ImportBfclFlags extends OutputFlags {
  readonly cases: string;
  readonly gold?: string;
  readonly suite?: string;
  readonly tag?: readonly string[];
  readonly config?: string;
}

/** Adds `import bfcl`, which takes a model's function calls and the answers that are right. */
export function addBfclImport(group: Command, io: CommandIo): void {
  const command = group
    .command("bfcl")
    .summary("store results on the Berkeley Function-Calling Leaderboard as a run")
    .description(
      "Stores a model's results on categories of the Berkeley Function-Calling Leaderboard as a run. Calls are checked " +
        "against the gold answers as BFCL's own checker does it: simple_python, multiple, parallel, parallel_multiple, " +
        "irrelevance and their live_ forms.",
    )
    .argument("<results>", "results, one JSON object a line, as function calls or as Python text")
    .requiredOption("--cases <file>", "questions and functions, one JSON object a line")
    .option("--gold <file>", "acceptable answers, one JSON object a line; irrelevance has none")
    .option("--suite <name>", "suite of the run (default: import-bfcl)")
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: ImportBfclFlags) => {
    const { importBfcl } = await import("../eval/import/import-bfcl.js");
    const { systemClock } = await import("../core/clock.js");
    const { renderSummary } = await import("../report/terminal.js");
    const { renderJson } = await import("../report/json.js");
    const report = await importBfcl(file, flags, { workingDirectory: io.cwd, clock: systemClock });
    io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
  });
}
