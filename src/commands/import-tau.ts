import type { Command } from "commander";
import type { CommandIo } from "./io.js";
import {
  collect,
  collectTags,
  notesFor,
  type OutputFlags,
  withConfigFlag,
  withOutputFlags,
} from "./options.js";

interface ImportTauFlags extends OutputFlags {
  readonly domain?: string;
  readonly model?: string;
  readonly userModel?: string;
  readonly suite?: string;
  readonly cassette?: string;
  readonly metric?: readonly string[];
  readonly tag?: readonly string[];
  readonly config?: string;
}

const TAU_EXAMPLES = `
Examples:
  agentctl import tau results.jsonl --domain airline
  agentctl import tau gpt-4.1.json --domain retail --cassette cassettes/retail.jsonl --tag gpt-4.1`;

const TAU2_EXAMPLES = `
Examples:
  agentctl import tau2 results.json --tag gpt-4.1
  agentctl import tau2 retail.jsonl --domain retail --model gpt-4.1 --user-model gpt-4.1`;

/** Adds `import tau`, which takes results of both programs, and `import tau2`, which takes those of tau2-bench alone. */
export function addTauImports(group: Command, io: CommandIo): void {
  const tau = group
    .command("tau")
    .summary("store recorded simulations of tau-bench or tau2-bench as a run")
    .description(
      "Stores recorded simulations of tau-bench or tau2-bench as a run, with the rewards that the recording states, " +
        "and writes a cassette that `agentctl eval --recording` replays.",
    )
    .argument("<file>", "results of tau-bench or tau2-bench: JSON or JSONL, one simulation each");
  withTauFlags(tau, io, null, TAU_EXAMPLES);
  const tau2 = group
    .command("tau2")
    .summary("store results of tau2-bench as a run")
    .description(
      "Stores results of tau2-bench as a run, as `agentctl import tau` does, and refuses a file of another shape: " +
        "rewards, checked actions, times, tokens and costs as recorded.",
    )
    .argument("<file>", "results.json of tau2-bench, or JSON or JSONL with one simulation each");
  withTauFlags(tau2, io, "tau2-bench", TAU2_EXAMPLES);
}

function withTauFlags(command: Command, io: CommandIo, shape: "tau2-bench" | null, examples: string): void {
  command
    .option(
      "--domain <name>",
      "airline, retail …: case ids become <domain>-<task id> (default: what the file, or NAME.meta.json beside it, says)",
    )
    .option("--model <name>", "model of the agent (default: likewise)")
    .option("--user-model <name>", "model that plays the user (default: likewise)")
    .option("--suite <name>", "suite of the run, for its gates (default: import-<domain>)")
    .option("--metric <name>", "also compute this metric, or all of a pattern with *; repeatable", collect)
    .option("--cassette <file>", "cassette to write")
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .addHelpText("after", examples);
  withOutputFlags(withConfigFlag(command)).action(async (file: string, flags: ImportTauFlags) => {
    const { importTau } = await import("../eval/import/import-tau.js");
    const { systemClock } = await import("../core/clock.js");
    const { renderSummary } = await import("../report/terminal.js");
    const { renderJson } = await import("../report/json.js");
    const { report, cassette } = await importTau(file, shape, flags, {
      workingDirectory: io.cwd,
      clock: systemClock,
    });
    io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
    if (cassette !== null) notesFor(flags, io)(`wrote ${cassette}`);
  });
}
