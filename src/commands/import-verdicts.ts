import type { Command } from "commander";
import { delimiterOf } from "./import-table.js";
import type { CommandIo } from "./io.js";
import { collect, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl import verdicts verdicts.csv --judge gpt-4o --rubric helpfulness --item id --value said
  agentctl import verdicts pairs.jsonl --judge-field judge,prompt --rubric preference --item id \\
    --value verdict --swapped verdict_swapped --map 1=A,2=B`;

/** Adds `import verdicts`, which takes what judges said in another tool. */
export function addVerdictImport(group: Command, io: CommandIo): void {
  const command = group
    .command("verdicts")
    .summary("add verdicts of judges from a table")
    .description(
      "Adds verdicts of judges to the project, from CSV (.csv, .tsv) or JSONL, to calibrate judges that ran elsewhere. " +
        "Importing a file again adds nothing; a verdict that changed is refused. A word that stands for no label is kept " +
        "and counts as no verdict. A field may be a dotted path.",
    )
    .argument("<file>", "CSV with a header, or JSONL with one object a line, in UTF-8")
    .option(
      "--rubric <name>",
      "what was asked: name of a judge file, whose labels are then the only ones, or any name",
    )
    .option("--judge <name>", "the judge, when one gave all verdicts")
    .option(
      "--judge-field <field>",
      "fields that name the judge, joined by `/`; repeatable or comma-separated",
      collect,
    )
    .option("--item <field>", "what was judged, as the labels name it")
    .option("--value <field>", "the verdict")
    .option("--swapped <field>", "the verdict with the answers swapped, mapped back to the first order")
    .option("--swapped-raw", "swapped verdicts are not mapped back yet: A is the answer that was shown first")
    .option("--reasoning <field>", "why")
    .option("--vote <field>", "number of the vote, from 0, when a judge voted several times")
    .option("--map <word=label>", "what a word stands for; repeatable or comma-separated", collect)
    .option("--run <run>", "items are trials of this run, as `case/trial`")
    .option(
      "--delimiter <character>",
      "character between cells of CSV, or `tab` (default: comma; tab for .tsv)",
      delimiterOf,
    )
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: OutputFlags) => {
    const { importVerdicts } = await import("../eval/judge/import-verdicts.js");
    const { systemClock } = await import("../core/clock.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderImportedVerdicts } = await import("../report/label-import-text.js");
    const { json, quiet, ...fields } = flags;
    const report = await importVerdicts(file, fields, { workingDirectory: io.cwd, clock: systemClock });
    io.print(json === true ? renderDocument("imported-verdicts", report) : renderImportedVerdicts(report));
  });
}
