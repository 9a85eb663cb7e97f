import { type Command, Option } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import type { JudgeRunFlags } from "../eval/judge/run-judge.js";
import type { CommandIo } from "./io.js";
import {
  collectTags,
  notesFor,
  type OutputFlags,
  positiveInteger,
  positiveNumber,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl judge run latest --judge helpfulness -j 16 --budget-usd 2
  agentctl judge run candidate --against main --judge pairwise_preference
  agentctl judge run --labelled --judge judges/tone.yaml   what people have labelled

Exit codes: 0 every vote is there, 2 wrong flags or files, 3 the judge could not
be asked for some votes or the budget is spent, 130 interrupted. The same command
goes on with what is missing: a vote that is stored is never asked for again.`;

export function addJudgeRun(group: Command, io: CommandIo): void {
  const command = group
    .command("run")
    .summary("judge a stored run by a judge file")
    .description(
      "Judges the stored trials of a run by a rubric (judges/*.yaml), without running the agent. Every vote is stored at once; " +
        "when all trials are judged, a new run holds the scores as `judge.<name>`. Pairs are asked in both orders.",
    )
    .argument("[run]", "run id, its beginning, a tag, or `latest`")
    .requiredOption("--judge <file>", "judge file, or the name of one in judges/")
    .option("--against <run>", "run whose answers stand second, for judges of pairs")
    .option(
      "--labelled [rubric]",
      "judge the items that people have labelled by the rubric (default: the judge's own), instead of a run",
    )
    .addOption(
      new Option("--again <period>", "judge again what was judged before this ISO week or month").choices([
        "week",
        "month",
      ]),
    )
    .option("-n, --limit <n>", "only the first n items", positiveInteger)
    .option("--budget-usd <usd>", "stop before judging costs more than this", positiveNumber)
    .option("-j, --max-concurrency <n>", "items judged at once", positiveInteger)
    .option("--no-cache", "ask the judge even when the response cache knows the reply")
    .option("--record <file>", "write every reply of the judge to a cassette file")
    .option("--env-file <file>", "file with environment variables (default: .env)")
    .option("--tag <tag>", "tag the new run; repeatable", collectTags)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (reference: string | undefined, flags: JudgeRunFlags & OutputFlags) => {
      const { runJudge } = await import("../eval/judge/run-judge.js");
      const { renderJudgeRun, renderJudgeRunJson } = await import("../report/judge-run-text.js");
      const note = notesFor(flags, io);
      const interruption = new AbortController();
      const stopListening = io.onInterrupt(() => interruption.abort());
      try {
        const { report, exitCode } = await runJudge(reference, flags, {
          workingDirectory: io.cwd,
          env: io.env,
          clock: systemClock,
          signal: interruption.signal,
          onProgress: (progress) => note(progress),
        });
        io.print(flags.json === true ? renderJudgeRunJson(report) : renderJudgeRun(report, io));
        io.setExitCode(exitCode);
      } catch (error) {
        if (!interruption.signal.aborted) throw error;
        note("stopped; votes so far are stored, and the same command goes on with those that are missing");
        io.setExitCode(EXIT.interrupted);
      } finally {
        stopListening();
      }
    },
  );
}
