import type { Command } from "commander";
import { type ImportOutputFlags, printImported, withRunFlags } from "./import-options.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl import otlp traces.jsonl --tag production
  agentctl import otlp traces.jsonl --cases golden.jsonl`;

/** Adds `import otlp`, which takes recorded OpenTelemetry traces. */
export function addOtlpImport(group: Command, io: CommandIo): void {
  const command = group
    .command("otlp")
    .summary("store recorded OpenTelemetry traces as a run")
    .description(
      "Stores traces of an agent as a run: each trace is a turn, the traces of one gen_ai.conversation.id are a trial. " +
        "Model calls, tool calls, searches, tokens and cost are read from gen_ai.* attributes; a trace without its root " +
        "span is an error, no failure.",
    )
    .argument("<file>", "exports in OTLP/JSON, one a line, as the collector's file exporter writes them")
    .option("--cases <file>", "golden set; a conversation belongs to the case with the same first message")
    .addHelpText("after", EXAMPLES);
  withRunFlags(command, "otlp").action(
    async (file: string, flags: ImportOutputFlags & { readonly cases?: string }) => {
      const { importOtlp } = await import("../eval/import/import-otlp.js");
      const { systemClock } = await import("../core/clock.js");
      const services = { workingDirectory: io.cwd, clock: systemClock };
      await printImported({ kind: "run", report: await importOtlp(file, flags, services) }, flags, io);
    },
  );
}
