import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl runs export main -o baseline.jsonl            a baseline that is kept with the code
  agentctl runs export latest --trials -o shard-1.jsonl  the whole run, for \`runs merge\` elsewhere`;

interface ExportOptions extends OutputFlags {
  readonly config?: string;
  readonly output: string;
  readonly trials?: boolean;
}

export function addRunsExport(runs: Command, io: CommandIo): void {
  const command = runs
    .command("export")
    .summary("Writes a run to a file.")
    .description(
      "Writes a run to a file: its scores, to be a baseline; with --trials its conversations too, to be merged.",
    )
    .argument("<run>", "run id, its beginning, a tag, or `latest`")
    .requiredOption("-o, --output <file>", "file to write; .jsonl, or .json for one document")
    .option("--trials", "the conversations too, those on holdout cases included")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (reference: string, flags: ExportOptions) => {
    const { exportStoredRun } = await import("../eval/baseline/export-run.js");
    const { renderDocument } = await import("../report/json-document.js");
    const exported = await exportStoredRun(reference, flags, io.cwd);
    const { runId, file, cases, trials } = exported;
    io.print(
      flags.json === true
        ? renderDocument("exported-run", exported)
        : `wrote run ${runId} to ${file}: ${trials} trials of ${cases} cases`,
    );
  });
}
