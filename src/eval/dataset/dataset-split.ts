import { UsageError } from "../../core/errors.js";
import type { GoldenCase } from "../../core/golden-case.js";
import { parseDatasetLines } from "../../datasets/dataset-builder.js";
import { assignSplits, type SplitPlan } from "../../datasets/tools/assign-splits.js";
import { rewriteSplit } from "../../datasets/tools/rewrite-split.js";
import { type SplitReport, splitReport } from "../../datasets/tools/split-report.js";
import { readDatasetLines } from "./dataset-file.js";
import { type DatasetOutputFlags, requireDestination, writeDataset } from "./dataset-output.js";

/** What a command wrote, and where. */
export interface WrittenSplit extends SplitReport {
  readonly path: string;
  readonly output: string;
  /** Hash of the dataset after the change. */
  readonly hash: string;
}

/**
 * Writes a golden set with new splits. Of each line only the value of `split` changes.
 *
 * @throws {UsageError} when the shares add up to more than 1 or there is no destination
 * @throws {DatasetError | StoreError} when the file is wrong or cannot be written
 */
export async function splitDataset(
  path: string,
  plan: SplitPlan,
  flags: DatasetOutputFlags,
  workingDirectory: string,
): Promise<WrittenSplit> {
  if (plan.holdout + (plan.test ?? 0) > 1) {
    throw new UsageError("expected --holdout and --test to add up to at most 100 %");
  }
  const destination = requireDestination(path, flags, workingDirectory);
  const { dataset, lines } = await readDatasetLines(path, workingDirectory);
  const splits = assignSplits(dataset.cases, plan);
  const rewritten = [...lines];
  for (const [position, one] of dataset.cases.entries()) {
    const split = splits[position] as GoldenCase["split"];
    if (split !== one.split) rewritten[one.line - 1] = rewriteSplit(rewritten[one.line - 1] ?? "", split);
  }
  const text = rewritten.join("");
  const { hash } = parseDatasetLines(text.replace(/^\uFEFF/, "").split("\n"), path);
  await writeDataset(destination, text);
  return {
    path,
    output: destination.shown,
    hash,
    ...splitReport(dataset.cases, splits, plan),
  };
}
