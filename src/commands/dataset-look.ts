import { type Command, Option } from "commander";
import { EXIT } from "../core/exit-codes.js";
import {
  anyShare,
  collectMargins,
  errorLevel,
  properShare,
  type SimilarityFlags,
  similarityOf,
  withSimilarityFlags,
} from "./dataset-options.js";
import type { CommandIo } from "./io.js";
import { type OutputFlags, withOutputFlags } from "./options.js";

const CHECK_EXAMPLES = `
Examples:
  agentctl dataset check golden.jsonl
  agentctl dataset check dev.jsonl holdout.jsonl --strict --json

Problems: exact duplicates, and texts or groups on both sides of the holdout. All else is a
warning: near-duplicates in different groups, test that repeats dev, conflicting labels, high risk
without a review, rejected cases, nothing to check, slices of fewer than 5 cases. Files that are
given together are searched together for duplicates and leaks.

Exit codes: 0 no problem (with --strict: and no warning), 1 problems, 2 a file that cannot be read.`;

/** Adds `dataset check`. */
export function addDatasetCheck(group: Command, io: CommandIo): void {
  const command = group
    .command("check")
    .summary("find duplicates, leaks into the holdout, missing labels and reviews")
    .description(
      "Reads golden sets as eval does and looks for duplicates, leaks into the holdout, missing labels, missing " +
        "reviews and thin slices.",
    )
    .argument("<file...>", "golden sets")
    .option("--strict", "let warnings fail the check, too")
    .addHelpText("after", CHECK_EXAMPLES);
  withOutputFlags(withSimilarityFlags(command)).action(
    async (files: readonly string[], flags: OutputFlags & SimilarityFlags & { strict?: boolean }) => {
      const { readDatasetFiles } = await import("../eval/dataset/dataset-file.js");
      const { checkDatasets, isClean } = await import("../datasets/tools/check-datasets.js");
      const { renderDocument } = await import("../report/json-document.js");
      const { renderDatasetCheck } = await import("../report/dataset-check-text.js");
      const isStrict = flags.strict === true;
      const check = checkDatasets(await readDatasetFiles(files, io.cwd), similarityOf(flags));
      const verdict = isClean(check, isStrict);
      io.print(
        flags.json === true
          ? renderDocument("dataset-check", { isClean: verdict, isStrict, ...check })
          : renderDatasetCheck(check, isStrict, io),
      );
      io.setExitCode(verdict ? EXIT.ok : EXIT.gateFailed);
    },
  );
}

const STATS_EXAMPLES = `
Examples:
  agentctl dataset stats golden.jsonl
  agentctl dataset stats golden.jsonl --json | jq .groups`;

/** Adds `dataset stats`. */
export function addDatasetStats(group: Command, io: CommandIo): void {
  const command = group
    .command("stats")
    .summary("count cases by split, risk, tag, group, kind of input, label and review")
    .description("Counts the cases by split, risk, tag, group, kind of input, label and review.")
    .argument("<file>", "golden set")
    .addHelpText("after", STATS_EXAMPLES);
  withOutputFlags(command).action(async (file: string, flags: OutputFlags) => {
    const { readDatasetFile } = await import("../eval/dataset/dataset-file.js");
    const { describeDataset } = await import("../datasets/tools/dataset-stats.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderDatasetStats } = await import("../report/dataset-stats-text.js");
    const stats = describeDataset(await readDatasetFile(file, io.cwd));
    io.print(flags.json === true ? renderDocument("dataset-stats", stats) : renderDatasetStats(stats, io));
  });
}

const DIFF_EXAMPLES = `
Examples:
  agentctl dataset diff golden-v1.jsonl golden-v2.jsonl
  agentctl dataset diff old.jsonl new.jsonl --json | jq '.changed[].id'`;

/** Adds `dataset diff`. */
export function addDatasetDiff(group: Command, io: CommandIo): void {
  const command = group
    .command("diff")
    .summary("tell which cases two versions add, remove and change")
    .description(
      "Compares two versions of a golden set by case id: added, removed, renamed and changed cases, and which keys " +
        "changed. Texts of holdout cases are not shown.",
    )
    .argument("<before>", "the earlier version")
    .argument("<after>", "the later version")
    .addHelpText("after", DIFF_EXAMPLES);
  withOutputFlags(command).action(async (before: string, after: string, flags: OutputFlags) => {
    const { readDatasetFile } = await import("../eval/dataset/dataset-file.js");
    const { diffDatasets } = await import("../datasets/tools/diff-datasets.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderDatasetDiff } = await import("../report/dataset-diff-text.js");
    const diff = diffDatasets(await readDatasetFile(before, io.cwd), await readDatasetFile(after, io.cwd));
    io.print(flags.json === true ? renderDocument("dataset-diff", diff) : renderDatasetDiff(diff, io));
  });
}

const POWER_EXAMPLES = `
Examples:
  agentctl dataset power golden.jsonl
  agentctl dataset power golden.jsonl --split test --rate 95% --discordant 4% --margin 2%`;

interface PowerFlags extends OutputFlags {
  readonly split?: "dev" | "test" | "holdout";
  readonly alpha: number;
  readonly power: number;
  readonly rate: number;
  readonly discordant: number;
  readonly margin?: readonly number[];
}

/** Adds `dataset power`. */
export function addDatasetPower(group: Command, io: CommandIo): void {
  const command = group
    .command("power")
    .summary("tell what differences the set can show, and how many cases are missing")
    .description(
      "Tells which margin the set can carry, which differences and quantiles it can show, and how many cases are " +
        "missing.",
    )
    .argument("<file>", "golden set")
    .addOption(
      new Option("--split <name>", "only the cases of this split").choices(["dev", "test", "holdout"]),
    )
    .option("--rate <share>", "pass rate to expect", anyShare, 0.9)
    .option("--discordant <share>", "cases whose outcome differs between two runs", anyShare, 0.1)
    .option("--margin <share>", "margin to plan for; repeatable (default: 1%, 2%, 5%, 10%)", collectMargins)
    .option("--alpha <share>", "error level", errorLevel, 0.05)
    .option("--power <share>", "chance to find a difference that is there", properShare, 0.8)
    .addHelpText("after", POWER_EXAMPLES);
  withOutputFlags(command).action(async (file: string, flags: PowerFlags) => {
    const { powerOfFile } = await import("../eval/dataset/dataset-power.js");
    const { renderDocument } = await import("../report/json-document.js");
    const { renderDatasetPower } = await import("../report/dataset-power-text.js");
    const { alpha, power, rate, discordant, margin } = flags;
    const assumptions = { alpha, power, rate, discordant, margins: margin ?? [0.01, 0.02, 0.05, 0.1] };
    const result = await powerOfFile(file, flags.split, assumptions, io.cwd);
    io.print(flags.json === true ? renderDocument("dataset-power", result) : renderDatasetPower(result, io));
  });
}
