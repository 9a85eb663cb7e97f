import type { Command } from "commander";
import { type ImportOutputFlags, printImported, withRunFlags } from "./import-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl import inspect logs/2026-08-22_arithmetic.eval --tag candidate
  agentctl import inspect log.json --scorer model_graded_qa`;

/** Adds `import inspect`, which takes a log of Inspect AI. */
export function addInspectImport(group: Command, io: CommandIo): void {
  const command = group
    .command("inspect")
    .summary("store a log of Inspect AI as a run")
    .description(
      "Stores a log of Inspect AI as a run: samples become cases, epochs trials, scorers metrics inspect.<scorer>. A " +
        "trial succeeded when the first scorer gives C; a sample that ended with an error is an error, no failure.",
    )
    .argument("<file>", "log, as .json or .eval")
    .option("--scorer <name>", "scorer that says whether a trial succeeded (default: the first)")
    .addHelpText("after", EXAMPLES);
  withRunFlags(command, "inspect").action(
    async (file: string, flags: ImportOutputFlags & { readonly scorer?: string }) => {
      const { importInspect } = await import("../eval/import/import-inspect.js");
      const { systemClock } = await import("../core/clock.js");
      const services = { workingDirectory: io.cwd, clock: systemClock };
      await printImported({ kind: "run", report: await importInspect(file, flags, services) }, flags, io);
    },
  );
}
