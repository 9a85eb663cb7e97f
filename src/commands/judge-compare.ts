import type { Command } from "commander";
import { EXIT } from "../core/exit-codes.js";
import type { CompareJudgesFlags } from "../eval/judge/compare-two-judges.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge compare helpfulness judges/helpfulness-2.yaml
  agentctl judge compare GPT-4/Vanilla GPT-4/CoT --rubric preference --json

Exit codes: 0 compared, 2 wrong flags or files, 4 no item that both judged has a label.`;

export function addJudgeCompare(group: Command, io: CommandIo): void {
  const command = group
    .command("compare")
    .summary("which of two judges agrees better with people")
    .description(
      "Compares two judges on the same items against the same labels: agreement and kappa of each, their paired " +
        "differences, and the items that one gets right and the other wrong.",
    )
    .argument("<first>", "judge file, name of one in judges/, or an imported judge")
    .argument("<second>", "the judge that is held against it")
    .option("--rubric <name>", "rubric whose labels count (default: that of both judges)")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (first: string, second: string, flags: CompareJudgesFlags & OutputFlags) => {
      const { compareTwoJudges } = await import("../eval/judge/compare-two-judges.js");
      const { renderJudgeComparison, renderJudgeComparisonJson } = await import(
        "../report/judge-compare/judge-compare-text.js"
      );
      const report = compareTwoJudges([first, second], flags, io.cwd);
      io.print(flags.json === true ? renderJudgeComparisonJson(report) : renderJudgeComparison(report, io));
      io.setExitCode(report.n === 0 ? EXIT.inconclusive : EXIT.ok);
    },
  );
}
