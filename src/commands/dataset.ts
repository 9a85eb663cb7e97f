import type { Command } from "commander";
import { addDatasetCheck, addDatasetDiff, addDatasetPower, addDatasetStats } from "./dataset-look.js";
import { addDatasetDedupe, addDatasetSample, addDatasetSplit } from "./dataset-write.js";
import type { CommandIo } from "./io.js";

const EXAMPLES = `
Examples:
  agentctl dataset check golden.jsonl
  agentctl dataset power golden.jsonl --rate 0.9`;

export function addDatasetCommand(program: Command, io: CommandIo): void {
  const group = program
    .command("dataset")
    .summary("check, describe, split, clean and plan golden sets")
    .description("Checks, describes, splits, cleans, compares and plans golden sets (JSONL files).")
    .addHelpText("after", EXAMPLES);
  for (const add of [
    addDatasetCheck,
    addDatasetStats,
    addDatasetSplit,
    addDatasetDedupe,
    addDatasetDiff,
    addDatasetSample,
    addDatasetPower,
  ]) {
    add(group, io);
  }
}
