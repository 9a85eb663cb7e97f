import { type Command, Option } from "commander";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge export --rubric helpfulness -o labels.csv
  agentctl judge export --rubric helpfulness --current --format csv`;

interface ExportFlags extends OutputFlags {
  readonly config?: string;
  readonly rubric: string;
  readonly format?: "csv" | "jsonl";
  readonly current?: boolean;
  readonly output?: string;
}

/** Adds `judge export`, which writes labels as a table. */
export function addJudgeExport(group: Command, io: CommandIo): void {
  const command = group
    .command("export")
    .summary("write the labels of a rubric as a table")
    .description(
      "Writes every label entry of a rubric as CSV or JSONL, which `agentctl import labels` reads back as it was; or what " +
        "each author says now. Cells that a spreadsheet would take for a formula begin with a quote, which the import takes away.",
    )
    .requiredOption("--rubric <name>", "whose labels")
    .addOption(
      new Option("--format <format>", "default: csv for a file that ends so, else jsonl").choices([
        "csv",
        "jsonl",
      ]),
    )
    .option("--current", "what each author says now, and the label that counts, instead of every entry")
    .option("-o, --output <file>", "write to this file instead of stdout")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (flags: ExportFlags) => {
    const { exportLabels } = await import("../eval/judge/export-labels.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderExportedLabels } = await import("../report/label-import-text.js");
    const { report, text } = await exportLabels(flags, io.cwd);
    if (flags.json === true) io.print(renderDocument("exported-labels", report));
    else io.print(text ?? renderExportedLabels(report));
  });
}
