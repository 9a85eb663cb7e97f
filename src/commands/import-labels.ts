import type { Command } from "commander";
import { delimiterOf } from "./import-table.js";
import type { CommandIo } from "./io.js";
import { collect, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl import labels labels.csv --rubric helpfulness --item id --value grade --author who
  agentctl import labels pairs.jsonl --rubric pairs --item id --value best --by ann --map 1=A,2=B`;

/** Adds `import labels`, which takes what people said in another tool. */
export function addLabelImport(group: Command, io: CommandIo): void {
  const command = group
    .command("labels")
    .summary("add labels of people from a table")
    .description(
      "Adds labels of people to the project, from CSV (.csv, .tsv) or JSONL, or from a file of `judge export`, which needs " +
        "no flags. Importing a file again adds nothing. A field may be a dotted path.",
    )
    .argument("<file>", "CSV with a header, or JSONL with one object a line, in UTF-8")
    .option(
      "--rubric <name>",
      "what was asked: name of a judge file, whose labels are then the only ones, or any name",
    )
    .option("--item <field>", "what was labelled")
    .option("--value <field>", "the label; rows without one are counted and left out")
    .option("--author <field>", "who labelled")
    .option("--by <name>", "who labelled, when one person labelled all")
    .option("--comment <field>", "what they said about it")
    .option("--at <field>", "when, ISO 8601 (default: now)")
    .option("--map <word=label>", "what a word stands for; repeatable or comma-separated", collect)
    .option("--run <run>", "items are trials of this run, as `case/trial`")
    .option("--question <field>", "what the user asked")
    .option("--answer <field>", "the answer that was labelled; the first of a pair")
    .option("--other-answer <field>", "the second answer of a pair")
    .option("--reference <field>", "a reference answer")
    .option("--documents <field>", "what the answer rests on: a text, or a list of texts")
    .option("--model <field>", "who wrote the answer, as provider/name")
    .option("--slice <field>", "what items are grouped by; repeatable or comma-separated", collect)
    .option(
      "--delimiter <character>",
      "character between cells of CSV, or `tab` (default: comma; tab for .tsv)",
      delimiterOf,
    )
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: OutputFlags) => {
    const { importLabels } = await import("../eval/judge/import-labels.js");
    const { systemClock } = await import("../core/clock.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderImportedLabels } = await import("../report/label-import-text.js");
    const { json, quiet, ...fields } = flags;
    const report = await importLabels(file, fields, { workingDirectory: io.cwd, clock: systemClock });
    io.print(json === true ? renderDocument("imported-labels", report) : renderImportedLabels(report));
  });
}
