import { type Command, Option } from "commander";
import {
  type DestinationFlags,
  properShare,
  type SimilarityFlags,
  similarityOf,
  withDestinationFlags,
  withSimilarityFlags,
} from "./dataset-options.js";
import type { CommandIo } from "./io.js";
import {
  nonNegativeInteger,
  notesFor,
  type OutputFlags,
  positiveInteger,
  withOutputFlags,
} from "./options.js";

const SPLIT_EXAMPLES = `
Examples:
  agentctl dataset split golden.jsonl --holdout 20% --in-place
  agentctl dataset split golden.jsonl --holdout 20% --test 30% --seed 7 -o split.jsonl`;

interface SplitFlags extends OutputFlags, DestinationFlags {
  readonly holdout: number;
  readonly test?: number;
  readonly by: "group" | "case";
  readonly seed: number;
}

/** Adds `dataset split`. */
export function addDatasetSplit(group: Command, io: CommandIo): void {
  const command = group
    .command("split")
    .summary("put whole groups into dev, test and holdout, by the hash of their name")
    .description(
      "Writes the key split of each case. A group's place depends on its name and the seed alone, so no case moves " +
        "when others come or go; therefore shares hold on average, and there are no quotas by risk or tag: the shares " +
        "that each got are printed. Every other byte of the file stays.",
    )
    .argument("<file>", "golden set")
    .requiredOption("--holdout <share>", "share of the holdout, such as 20%", properShare)
    .option(
      "--test <share>",
      "share of test (default: cases outside the holdout keep dev or test)",
      properShare,
    )
    .addOption(
      new Option("--by <unit>", "what stays together: group or case")
        .choices(["group", "case"])
        .default("group"),
    )
    .option("--seed <n>", "seed of the draw", nonNegativeInteger, 1)
    .addHelpText("after", SPLIT_EXAMPLES);
  withOutputFlags(withDestinationFlags(command)).action(async (file: string, flags: SplitFlags) => {
    const { splitDataset } = await import("../eval/dataset/dataset-split.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderDatasetSplit } = await import("../report/dataset-split-text.js");
    const { holdout, test = null, by, seed } = flags;
    const result = await splitDataset(file, { holdout, test, by, seed }, flags, io.cwd);
    io.print(flags.json === true ? renderDocument("dataset-split", result) : renderDatasetSplit(result, io));
  });
}

const DEDUPE_EXAMPLES = `
Examples:
  agentctl dataset dedupe golden.jsonl -o golden-unique.jsonl
  agentctl dataset dedupe golden.jsonl --threshold 0.9 --in-place`;

/** Adds `dataset dedupe`. */
export function addDatasetDedupe(group: Command, io: CommandIo): void {
  const command = group
    .command("dedupe")
    .summary("leave out cases that nearly repeat an earlier one")
    .description(
      "Writes the set without the cases whose input nearly repeats that of an earlier case that stays, and lists " +
        "them. Of each cluster the first case stays; all other bytes stay, too.",
    )
    .argument("<file>", "golden set")
    .addHelpText("after", DEDUPE_EXAMPLES);
  withOutputFlags(withDestinationFlags(withSimilarityFlags(command))).action(
    async (file: string, flags: OutputFlags & DestinationFlags & SimilarityFlags) => {
      const { dedupeDataset } = await import("../eval/dataset/dataset-dedupe.js");
      const { renderDocument } = await import("../report/json-document.js");
      const { renderDatasetDedupe } = await import("../report/dataset-dedupe-text.js");
      const result = await dedupeDataset(file, similarityOf(flags), flags, io.cwd);
      io.print(
        flags.json === true ? renderDocument("dataset-dedupe", result) : renderDatasetDedupe(result, io),
      );
    },
  );
}

const SAMPLE_EXAMPLES = `
Examples:
  agentctl dataset sample golden.jsonl --n 50 --by risk -o review.jsonl
  agentctl dataset sample golden.jsonl --n 5 --seed 7 | jq .id`;

interface SampleFlags extends OutputFlags {
  readonly n: number;
  readonly seed: number;
  readonly by?: "risk" | "tags" | "split" | "environment";
  readonly includeHoldout?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

/** Adds `dataset sample`. */
export function addDatasetSample(group: Command, io: CommandIo): void {
  const command = group
    .command("sample")
    .summary("draw cases, in proportion to their strata")
    .description(
      "Draws cases and prints their lines, or writes them to a file. With --by, each stratum gives cases in " +
        "proportion to its size, and at least one where there are enough to draw.",
    )
    .argument("<file>", "golden set")
    .requiredOption("-n, --n <count>", "cases to draw", positiveInteger)
    .option("--seed <n>", "seed of the draw", nonNegativeInteger, 1)
    .addOption(
      new Option("--by <key>", "strata to draw from").choices(["risk", "tags", "split", "environment"]),
    )
    .option("--include-holdout", "draw from holdout cases, too, although they are not to be read")
    .option("-o, --output <file>", "file to write; one that exists is kept unless --force is given")
    .option("--force", "replace the file that --output names")
    .addHelpText("after", SAMPLE_EXAMPLES);
  withOutputFlags(command).action(async (file: string, flags: SampleFlags) => {
    const { sampleDataset } = await import("../eval/dataset/dataset-sample.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderDatasetSample, sampleDocument } = await import("../report/dataset-sample-text.js");
    const plan = { size: flags.n, seed: flags.seed, by: flags.by ?? null };
    const sample = await sampleDataset(file, plan, flags, io.cwd);
    if (flags.json === true) io.print(renderDocument("dataset-sample", sampleDocument(sample)));
    else if (sample.output !== null) io.print(renderDatasetSample(sample));
    else {
      io.print(sample.text);
      notesFor(flags, io)(renderDatasetSample(sample));
    }
  });
}
