import { type Command, Option } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import type { DriftFlags } from "../eval/judge/drift-judge.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge drift helpfulness                       this ISO week against the last
  agentctl judge drift helpfulness --anchor anchors.jsonl --at 2026-11-22 --json

Exit codes: 0 no alarm, 1 an alarm, 2 wrong flags or files, 4 too little data to tell.`;

const EXIT_CODES = { stable: EXIT.ok, drift: EXIT.gateFailed, inconclusive: EXIT.inconclusive } as const;

export function addJudgeDrift(group: Command, io: CommandIo): void {
  const command = group
    .command("drift")
    .summary("whether a judge still judges as it did")
    .description(
      "Compares what a judge said in a period with the period before: kappa with people, verdicts on the same items, " +
        "verdicts on new traffic, verdicts that cannot be used. Writes reports/judge-YYYY-Www.md.",
    )
    .argument("<judge>", "judge file, name of one in judges/, or an imported judge")
    .addOption(
      new Option("--period <kind>", "what is compared, in UTC").choices(["week", "month"]).default("week"),
    )
    .option("--at <date>", "a day or a time in the period (default: now)")
    .option("--anchor <what>", "items judged again each period: a file, or a tag (default: all judged twice)")
    .option("--rubric <name>", "rubric whose labels count (default: that of the judge)")
    .option("-o, --output <file>", "report file, .md (default: reports/judge-<period>.md)")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(async (judge: string, flags: DriftFlags & OutputFlags) => {
    const { judgeDrift } = await import("../eval/judge/drift-judge.js");
    const { renderJudgeDrift, renderJudgeDriftJson } = await import(
      "../report/judge-drift/judge-drift-text.js"
    );
    const report = await judgeDrift(judge, flags, { workingDirectory: io.cwd, clock: systemClock });
    io.print(flags.json === true ? renderJudgeDriftJson(report) : renderJudgeDrift(report, io));
    io.setExitCode(EXIT_CODES[report.verdict]);
  });
}
