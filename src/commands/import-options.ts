import type { Command } from "commander";
import type { ImportedDatasetReport } from "../report/imported-dataset.js";
import type { RunReport } from "../report/run-report.js";
import type { CommandIo } from "./io.js";
import { collectTags, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

/** Flags of an import that makes a run or a golden set. */
export interface ImportOutputFlags extends OutputFlags {
  readonly dataset?: string;
  readonly force?: boolean;
  readonly suite?: string;
  readonly tag?: readonly string[];
  readonly name?: string;
  readonly model?: string;
  readonly config?: string;
}

/** Adds the flags of an import that makes a run. */
export function withRunFlags(command: Command, kind: string): Command {
  command
    .option("--suite <name>", `suite of the run, for its gates (default: import-${kind})`)
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .option("--name <name>", "name of the agent (default: what the file says, or its name)")
    .option("--model <name>", "model of the agent (default: what the file says)");
  return withOutputFlags(withConfigFlag(command));
}

/** Adds the flags of an import that can write a golden set instead. */
export function withDatasetFlags(command: Command): Command {
  return command
    .option("--dataset <file>", "write a golden set to this file, and store no run")
    .option("--force", "replace the file that --dataset names");
}

/** Prints what an import made. */
export async function printImported(
  imported:
    | { readonly kind: "dataset"; readonly report: ImportedDatasetReport }
    | { readonly kind: "run"; readonly report: RunReport },
  flags: OutputFlags,
  io: CommandIo,
): Promise<void> {
  if (imported.kind === "dataset") {
    const { renderDocument } = await import("../report/json-document.js");
    const { renderImportedDataset } = await import("../report/imported-dataset.js");
    const { report } = imported;
    io.print(
      flags.json === true ? renderDocument("imported-dataset", report) : renderImportedDataset(report),
    );
    return;
  }
  const { renderSummary } = await import("../report/terminal.js");
  const { renderJson } = await import("../report/json.js");
  io.print(flags.json === true ? renderJson(imported.report) : renderSummary(imported.report, io));
}
