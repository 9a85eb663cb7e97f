import type { Command } from "commander";
import { type ImportOutputFlags, printImported, withDatasetFlags, withRunFlags } from "./import-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl import openai-evals 230822_gpt-4_test-match.jsonl --tag candidate
  agentctl import openai-evals samples.jsonl --dataset golden.jsonl`;

/** Adds `import openai-evals`, which takes a log of `oaieval`, or samples. */
export function addOpenaiEvalsImport(group: Command, io: CommandIo): void {
  const command = group
    .command("openai-evals")
    .summary("turn a log or samples of OpenAI evals into a run or a golden set")
    .description(
      "Stores a log of OpenAI evals as a run: a trial succeeded when its match is correct. With --dataset it writes " +
        "samples, or the samples of a log, as a golden set.",
    )
    .argument("<file>", "log of oaieval, or samples with input and ideal: JSONL")
    .addHelpText("after", EXAMPLES);
  withRunFlags(withDatasetFlags(command), "openai-evals").action(
    async (file: string, flags: ImportOutputFlags) => {
      const { importOpenaiEvals } = await import("../eval/import/import-openai-evals.js");
      const { systemClock } = await import("../core/clock.js");
      const services = { workingDirectory: io.cwd, clock: systemClock };
      await printImported(await importOpenaiEvals(file, flags, services), flags, io);
    },
  );
}
