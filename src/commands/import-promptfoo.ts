import type { Command } from "commander";
import { type ImportOutputFlags, printImported, withDatasetFlags, withRunFlags } from "./import-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl import promptfoo results.json --tag candidate
  agentctl import promptfoo results.json --provider openai:gpt-4o-mini
  agentctl import promptfoo promptfooconfig.yaml --input-var question --dataset golden.jsonl`;

interface ImportPromptfooFlags extends ImportOutputFlags {
  readonly inputVar?: string;
  readonly provider?: string;
  readonly prompt?: string;
}

/** Adds `import promptfoo`, which takes results as runs and tests as a golden set. */
export function addPromptfooImport(group: Command, io: CommandIo): void {
  const command = group
    .command("promptfoo")
    .summary("turn results or tests of promptfoo into runs or a golden set")
    .description(
      "Stores results of promptfoo as runs, one for each provider and prompt; repetitions of a test become trials. " +
        "With --dataset it writes the tests of a configuration as a golden set, and lists what has no counterpart.",
    )
    .argument("<file>", "results.json or .jsonl of `promptfoo eval -o`; or promptfooconfig.yaml, or tests")
    .option("--provider <name>", "only results of this provider, by label or id (default: all)")
    .option("--prompt <label>", "only results of prompts whose label has this text (default: all)")
    .option("--input-var <name>", "variable that the user says (default: the only one, or all)")
    .addHelpText("after", EXAMPLES);
  withRunFlags(withDatasetFlags(command), "promptfoo").action(
    async (file: string, flags: ImportPromptfooFlags) => {
      const { importPromptfoo } = await import("../eval/import/import-promptfoo.js");
      const { systemClock } = await import("../core/clock.js");
      const { renderRunList, renderRunListJson } = await import("../report/run-list.js");
      const imported = await importPromptfoo(file, flags, { workingDirectory: io.cwd, clock: systemClock });
      if (imported.kind !== "runs") await printImported(imported, flags, io);
      else
        io.print(flags.json === true ? renderRunListJson(imported.runs) : renderRunList(imported.runs, io));
    },
  );
}
