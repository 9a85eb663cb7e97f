import { type Command, Option } from "commander";
import type { AgreementFlags } from "../eval/score/measure-agreement.js";
import type { CommandIo } from "./io.js";
import { addJudgeCalibrate, addJudgeList } from "./judge-calibrate.js";
import { addJudgeCompare } from "./judge-compare.js";
import { addJudgeDrift } from "./judge-drift.js";
import { addJudgeEstimate } from "./judge-estimate.js";
import { addJudgeExport } from "./judge-export.js";
import { addJudgeRun } from "./judge-run.js";
import { collect, type OutputFlags, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge agreement labels.jsonl --a human
  agentctl judge agreement verdicts.jsonl --a gold --b verdict --swapped verdict_swapped --by judge
  agentctl judge agreement scores.jsonl --a ann --b bob --weights quadratic --categories 1,2,3,4,5`;

export function addJudgeCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("judge")
    .summary("measure judges against people")
    .description("Measures judges against people and against each other.")
    .addHelpText("after", EXAMPLES);
  addJudgeRun(group, io);
  addJudgeCalibrate(group, io);
  addJudgeList(group, io);
  addJudgeCompare(group, io);
  addJudgeDrift(group, io);
  addJudgeEstimate(group, io);
  const command = group
    .command("agreement")
    .summary("agreement of two raters on a table of labels")
    .description(
      "Measures how far two raters agree on the rows of a JSONL table: agreement, Cohen's kappa with interval, " +
        "Gwet's AC1, Krippendorff's alpha, confusion, and what always giving the commonest label would agree. " +
        "A field may be a dotted path.",
    )
    .argument("<file>", "JSONL table, one object a line; a null label is no label")
    .option("--a <field>", "label of the first rater: people, or another truth")
    .option("--b <field>", "label of the second rater: the judge")
    .option("--swapped <field>", "the judge's label with the answers swapped, mapped back to the first order")
    .option("--by <field>", "one result per value of these fields; repeatable or comma-separated", collect)
    .option("--categories <list>", "all labels in order, comma-separated (default: those seen)", collect)
    .addOption(
      new Option("--weights <kind>", "how far apart two labels are, for ordered ones")
        .choices(["none", "linear", "quadratic"])
        .default("none"),
    )
    .option("--null-as-category", "count null labels as a category instead of leaving them out")
    .option("--items <file>", "JSONL table that holds the first rater's labels, instead of --a")
    .option("--id <field>", "field that names the item in both tables")
    .option("--items-label <field>", "label in the table of --items")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(command).action(async (file: string, flags: AgreementFlags & OutputFlags) => {
    const { measureAgreement } = await import("../eval/score/measure-agreement.js");
    const { renderAgreement, renderAgreementJson } = await import("../report/agreement-text.js");
    const report = await measureAgreement(file, flags, io.cwd);
    io.print(flags.json === true ? renderAgreementJson(report) : renderAgreement(report, io));
  });
  addJudgeExport(group, io);
}
