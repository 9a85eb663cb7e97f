import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../core/clock.js";
import { EXIT } from "../core/exit-codes.js";
import type { ScoreFlags } from "../eval/score/score-run.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  collectTags,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl score latest                              by agentctl.yaml as it is now
  agentctl score main --metrics 'default,rouge_*,./metrics/politeness.ts'
  agentctl score main --dataset corrected.jsonl --tag corrected
  agentctl score main --judge openai/gpt-4.1 -j 16   claims, each with a verdict

Exit codes: 0 every trial was scored, 2 wrong flags or files, 3 the judge could
not be asked for some trials, 130 interrupted.`;

function metricList(text: string, previous: readonly string[] | undefined): readonly string[] {
  const names = collect(text, previous);
  if (names.length === 0) throw new InvalidArgumentError("expected at least one metric.");
  return names;
}

export function addScoreCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("score")
    .summary("score a stored run again, without running the agent")
    .description(
      "Scores the trials of a stored run by other metrics, a corrected dataset or a judge, as a new run. " +
        "The agent does not run and the stored run stays as it is.",
    )
    .argument("<run>", "run id, its beginning, a tag, or `latest`")
    .option(
      "--metrics <list>",
      "metrics, patterns and metric files instead of the project's; repeatable or comma-separated",
      metricList,
    )
    .option("--dataset <file>", "golden set with corrected cases, joined by id")
    .option("--judge <model>", "model that judges claims: provider/name, or an agent file")
    .option("-j, --max-concurrency <n>", "trials judged at once", positiveInteger)
    .option("--no-cache", "ask the judge even when it answered the same before")
    .option("--record <file>", "write every reply of the judge to a cassette file")
    .option("--env-file <file>", "file with environment variables (default: .env)")
    .option("--tag <tag>", "tag the new run; repeatable", collectTags)
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (reference: string, flags: ScoreFlags & OutputFlags) => {
      const { scoreRun } = await import("../eval/score/score-run.js");
      const { renderSummary } = await import("../report/terminal.js");
      const { renderJson } = await import("../report/json.js");
      const note = notesFor(flags, io);
      const interruption = new AbortController();
      // Without a judge nothing is waited for, and an interruption may end the process: nothing is half stored.
      const stopListening = flags.judge === undefined ? () => {} : io.onInterrupt(() => interruption.abort());
      try {
        const outcome = await scoreRun(reference, flags, {
          workingDirectory: io.cwd,
          env: io.env,
          clock: systemClock,
          signal: interruption.signal,
          onProgress: (progress) => note(progress),
        });
        for (const text of outcome.notes) note(text);
        io.print(flags.json === true ? renderJson(outcome.report) : renderSummary(outcome.report, io));
        io.setExitCode(outcome.exitCode);
      } catch (error) {
        if (!interruption.signal.aborted) throw error;
        note("stopped, nothing was stored; the same command goes on with what the judge has answered so far");
        io.setExitCode(EXIT.interrupted);
      } finally {
        stopListening();
      }
    },
  );
}
