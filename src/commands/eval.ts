import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../core/clock.js";
import type { EvalFlags, ShardFlag } from "../eval/eval-flags.js";
import type { EvaluateOutcome } from "../eval/evaluate.js";
import { progressOptions } from "./eval-live.js";
import type { CommandIo } from "./io.js";
import {
  collect,
  collectTags,
  nonNegativeInteger,
  notesFor,
  positiveInteger,
  positiveNumber,
  timeLimit,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

const EXAMPLES = `
Examples:
  agentctl eval                                     the default suite of agentctl.yaml
  agentctl eval --suite tau-airline --trials 4      200 recorded airline conversations
  agentctl eval --filter-tag injection -j 4 --json  some cases, one JSON document on stdout
  agentctl eval --resume                            go on with the latest run that was stopped
  agentctl eval --changed --gate                    the suites whose inputs changed; all are judged
  agentctl eval --shard 1/4                         a quarter of the cases; \`runs merge\` joins them

Exit codes: 0 every trial ran (with --gate: gates passed), 1 gate failed, 2 wrong flags or files,
3 some trials could not run, 4 gate inconclusive, 130 interrupted.
Every flag has an environment variable: AGENTCTL_MAX_CONCURRENCY for --max-concurrency.`;

/** The names that users of promptfoo and Inspect AI type for `--trials`. */
interface TrialsAliases {
  readonly repeat?: number;
  readonly epochs?: number;
}

function hiddenAlias(flags: string): Option {
  return new Option(flags).argParser(positiveInteger).hideHelp();
}

export function addEvalCommand(program: Command, io: CommandIo): void {
  const command = program
    .command("eval")
    .summary("run an agent on a golden set and score every trial")
    .description(
      "Runs the agent of a suite on its golden set, scores every trial, and reports estimates and failures.",
    )
    .addHelpText("after", EXAMPLES);
  withConfigFlag(command)
    .option("--suite <name>", "suite of agentctl.yaml, or one that is shipped, such as runtime")
    .option("--dataset <file>", "golden set instead of the suite's")
    .option("--agent <file>", "agent file instead of the suite's")
    .option(
      "--recording <file>",
      "recording that answers for model and user: cassette, tau-bench or tau2-bench file",
    )
    .option("--without <part>", "switch a part of the agent off, such as ledger; repeatable", collect)
    .option("--record <file>", "write every model call to a cassette file")
    .option("-o, --output <file...>", "write a report; format by extension: .html .json .md .xml .sarif .svg")
    .option("--html [file]", "write the HTML report (default: reports/<suite>.html)")
    .option("--markdown [file]", "write the Markdown summary (default: reports/<suite>.md)")
    .option("--junit [file]", "write JUnit XML (default: reports/<suite>.xml)")
    .option("-j, --max-concurrency <n>", "trials in flight at once", positiveInteger)
    .option("--trials <n>", "trials per case (also --repeat, --epochs)", positiveInteger)
    .addOption(hiddenAlias("--repeat <n>"))
    .addOption(hiddenAlias("--epochs <n>"))
    .option("-n, --limit <n>", "only the first n selected cases", positiveInteger)
    .option("--filter-pattern <regex>", "only cases whose id or input matches")
    .option("--filter-tag <tag>", "only cases with this tag; repeatable", collect)
    .option("--filter-failing <run>", "only cases that failed in an earlier run")
    .option("--case-id <id>", "only this case; repeatable", collect)
    .option(
      "--seed <n>",
      "seed for the model, where the provider takes one, and for trace ids",
      nonNegativeInteger,
    )
    .option("--timeout <seconds>", "wall-clock limit of one trial", timeLimit)
    .option("--budget-usd <usd>", "stop when the run has cost this much", positiveNumber)
    .addOption(
      new Option("--until <what>", "decided: stop once the verdict of the gates is known").choices([
        "decided",
      ]),
    )
    .option("--fail-fast", "stop at the first trial that fails or cannot run")
    .option("--retry-errors [run]", "run again the trials of a run that infrastructure broke")
    .option("--resume [run]", "go on with a run that was stopped; finished trials are kept")
    .option("--no-cache", "call the model even when the same trial was answered before")
    .option("--env-file <file>", "file with environment variables (default: .env)")
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .option("--baseline <run>", "compare with this run afterwards: a tag such as main, an id, `latest`")
    .option("--gate", "judge gates.yaml and exit with its verdict")
    .option("--update-baseline", "make this run the baseline of the gates if they pass on the default branch")
    .option("--force", "judge against a baseline that is unlike this run; wants --reason")
    .option("--reason <text>", "why; the report shows it")
    .option("--changed [run]", "only suites whose inputs changed since their last complete run, or this one")
    .option("--shard <i/n>", "only the i-th of n parts of the cases; `runs merge` joins them", shardOf)
    .option("--pass-with-no-tests", "exit 0 when no case is selected")
    .option("--watch", "run affected cases again on every change; keeps no results");
  withOutputFlags(command).action(async ({ repeat, epochs, ...given }: EvalFlags & TrialsAliases) => {
    const trials = given.trials ?? repeat ?? epochs;
    const flags: EvalFlags = { ...given, ...(trials === undefined ? {} : { trials }) };
    if (flags.watch === true) {
      const { runEvalWatch } = await import("./eval-watch.js");
      return runEvalWatch(flags, io);
    }
    if (flags.changed !== undefined) {
      const { runEvalChanged } = await import("./eval-changed.js");
      return runEvalChanged(flags, io, runSuite);
    }
    io.setExitCode((await runSuite(flags, io)).exitCode);
  });
}

/** Runs one suite and prints what came out, unless a document of several suites will. */
async function runSuite(flags: EvalFlags, io: CommandIo, isPart = false): Promise<EvaluateOutcome> {
  const note = notesFor(flags, io);
  const { evaluate } = await import("../eval/evaluate.js");
  const { startProgress } = await import("../ui/progress.js");
  const { renderSummary } = await import("../report/terminal.js");
  const { renderJson } = await import("../report/json.js");
  const interruption = new AbortController();
  const stopListening = io.onInterrupt(() => interruption.abort());
  // The live view is coloured by a library that reads FORCE_COLOR and knows no NO_COLOR.
  if (io.isTerminal && !io.useColor) io.changeEnvironment({ FORCE_COLOR: "0" }, ["NO_COLOR"]);
  const progress = await startProgress(progressOptions(flags, io));
  try {
    const outcome = await evaluate(flags, {
      workingDirectory: io.cwd,
      env: io.env,
      clock: systemClock,
      signal: interruption.signal,
      observer: progress.observer,
    });
    progress.stop();
    for (const text of outcome.notes) note(text);
    if (flags.json !== true) io.print(renderSummary(outcome.report, io));
    else if (!isPart) io.print(renderJson(outcome.report));
    const { comparison } = outcome.report;
    if (comparison !== null && flags.json !== true) {
      const { renderComparison } = await import("../report/comparison/comparison-text.js");
      io.print(`\nAgainst the baseline\n\n${renderComparison(comparison, io)}`);
    }
    for (const file of outcome.written) note(`wrote ${file}`);
    if (outcome.run.status === "interrupted")
      note(`stopped; go on with: agentctl eval --resume ${outcome.run.id}`);
    return outcome;
  } finally {
    progress.stop();
    stopListening();
  }
}

/** Parses `i/n`: the i-th of n parts. */
function shardOf(text: string): ShardFlag {
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new InvalidArgumentError("expected i/n with i from 1 to n, e.g. 1/4.");
  }
  return { index, of };
}
