import { type Command, InvalidArgumentError, Option } from "commander";
import type { CalibrateFlags } from "../eval/judge/calibrate-rules.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge calibrate helpfulness --html calibration.html
  agentctl judge calibrate GPT-4/Vanilla --rubric preference --categories A,B`;

const LIST_EXAMPLES = `
Examples:
  agentctl judge list
  agentctl judge list --json`;

export function addJudgeCalibrate(group: Command, io: CommandIo): void {
  const command = group
    .command("calibrate")
    .summary("measure a judge against labels, and decide whether it may gate")
    .description(
      "Measures a judge against the labels of people: kappa with interval, slices, biases, the worst disagreements. " +
        "The judge is calibrated, advisory or unusable; the result is stored until it expires, and gates read it.",
    )
    .argument("<judge>", "name or file of a judge, or name of a judge with imported verdicts")
    .option("--rubric <name>", "rubric of the labels (default: that of the judge)")
    .option("--categories <list>", "imported judges: all labels in order (default: those seen)", collect)
    .addOption(
      new Option(
        "--weights <kind>",
        "how far apart two labels are: none, linear or quadratic (default: the judge file's)",
      ).choices(["none", "linear", "quadratic"]),
    )
    .option(
      "--floor <kappa>",
      "what the lower limit of kappa must reach (default: the judge file's, or 0.7)",
      kappa,
    )
    .option("--holdout", "only items of the holdout count")
    .addOption(
      new Option(
        "--verdict <which>",
        "of pairs judged in both orders: first, or combined, a flip being a tie",
      ).choices(["first", "combined"]),
    )
    .option(
      "--expires-days <n>",
      "days that the result counts (default: the judge file's, or 30)",
      positiveInteger,
    )
    .option("--html <file>", "write the report as one HTML page, too")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (judge: string, flags: CalibrateFlags & OutputFlags) => {
      const { systemClock } = await import("../core/clock.js");
      const { calibrateJudge } = await import("../eval/judge/calibrate-judge.js");
      const { renderCalibration, renderCalibrationJson } = await import(
        "../report/calibration/calibration-text.js"
      );
      const services = { workingDirectory: io.cwd, clock: systemClock };
      const { report, written, notes } = await calibrateJudge(judge, flags, services);
      io.print(flags.json === true ? renderCalibrationJson(report) : renderCalibration(report, io));
      const note = notesFor(flags, io);
      for (const text of notes) note(text);
      if (written !== null) note(`wrote ${written}`);
    },
  );
}

export function addJudgeList(group: Command, io: CommandIo): void {
  const command = group
    .command("list")
    .summary("judges with verdicts, and whether they may gate")
    .description("Lists the judges that have verdicts, each with its calibration and until when that counts.")
    .addHelpText("after", LIST_EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (flags: OutputFlags & { config?: string }) => {
    const { systemClock } = await import("../core/clock.js");
    const { listJudges } = await import("../eval/judge/calibrate-list.js");
    const { renderJudgeList, renderJudgeListJson } = await import("../report/calibration/judge-list-text.js");
    const judges = listJudges(flags, { workingDirectory: io.cwd, clock: systemClock });
    io.print(flags.json === true ? renderJudgeListJson(judges) : renderJudgeList(judges, io));
  });
}

function kappa(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError("expected a number above 0, at most 1.");
  }
  return value;
}
