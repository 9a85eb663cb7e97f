import type { Command } from "commander";
import { systemClock } from "../core/clock.js";
import type { CommandIo } from "./io.js";
import { collectTags, notesFor, type OutputFlags, withConfigFlag, withOutputFlags } from "./options.js";

const EXAMPLES = `
Examples:
  agentctl runs merge 20261121-065500 20261121-065502  two shards of this history
  agentctl runs merge shard-*.jsonl --tag nightly      those of other machines`;

interface MergeOptions extends OutputFlags {
  readonly config?: string;
  readonly tag?: readonly string[];
  readonly output?: readonly string[];
}

export function addRunsMerge(runs: Command, io: CommandIo): void {
  const command = runs
    .command("merge")
    .summary("Makes one run of the shards of an evaluation.")
    .description(
      "Makes one run of the shards of an evaluation: the same as if it had never been divided. The shards stay.",
    )
    .argument("<shard...>", "runs of `eval --shard`, or files of `runs export --trials`")
    .option("--tag <tag>", "tag the run; repeatable", collectTags)
    .option("-o, --output <file...>", "write a report; format by extension: .html .json .md .xml")
    .addHelpText("after", EXAMPLES);
  withOutputFlags(withConfigFlag(command)).action(
    async (references: readonly string[], flags: MergeOptions) => {
      const { mergeRuns } = await import("../eval/shard/merge-runs.js");
      const { renderSummary } = await import("../report/terminal.js");
      const { renderJson } = await import("../report/json.js");
      const services = { workingDirectory: io.cwd, clock: systemClock };
      const { report, written } = await mergeRuns(references, flags, services);
      io.print(flags.json === true ? renderJson(report) : renderSummary(report, io));
      const note = notesFor(flags, io);
      for (const file of written) note(`wrote ${file}`);
    },
  );
}
