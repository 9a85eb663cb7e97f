import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { EstimateFlags } from "../eval/judge/correct-run.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge estimate latest --judge helpfulness
  agentctl judge estimate main --judge GPT-4/Vanilla --rubric preference --json

Exit codes: 0 estimated, 2 wrong flags or files, 4 the judge has no usable verdict on the run.`;

export function addJudgeEstimate(group: Command, io: CommandIo): void {
  const command = group
    .command("estimate")
    .summary("a judge's mean over a run, corrected for its errors")
    .description(
      "Prints the mean that a judge gives a run beside what is left when the errors that labels show are taken out: " +
        "by sensitivity and specificity (Rogan–Gladen), and by prediction-powered inference.",
    )
    .argument("<run>", "run id, its beginning, a tag, or `latest`")
    .requiredOption("--judge <judge>", "judge file, name of one in judges/, or an imported judge")
    .option("--rubric <name>", "rubric whose labels count (default: that of the judge)")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (run: string, flags: EstimateFlags & OutputFlags) => {
    const { estimateRun } = await import("../eval/judge/correct-run.js");
    const { renderJudgeEstimate, renderJudgeEstimateJson } = await import(
      "../report/judge-estimate/judge-estimate-text.js"
    );
    const report = estimateRun(run, flags, io.cwd);
    io.print(flags.json === true ? renderJudgeEstimateJson(report) : renderJudgeEstimate(report, io));
    io.setExitCode(report.raw.estimate === null ? EXIT.inconclusive : EXIT.ok);
  });
}
