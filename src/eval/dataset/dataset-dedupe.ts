import { parseDatasetLines } from "../../datasets/dataset-builder.js";
import { type DedupeReport, dedupeCases } from "../../datasets/tools/dedupe-report.js";
import type { SimilarityOptions } from "../../datasets/tools/similarity-index.js";
import { readDatasetLines } from "./dataset-file.js";
import { type DatasetOutputFlags, requireDestination, writeDataset } from "./dataset-output.js";

/**
 * Writes a golden set without the cases that nearly repeat an earlier one; all other bytes stay.
 *
 * @returns what was left out, where the rest was written, and its content hash
 * @throws {DatasetError | StoreError | UsageError} when the file is wrong, cannot be written, or goes nowhere
 */
export async function dedupeDataset(
  path: string,
  similarity: SimilarityOptions,
  flags: DatasetOutputFlags,
  workingDirectory: string,
): Promise<DedupeReport & { readonly path: string; readonly output: string; readonly hash: string }> {
  const destination = requireDestination(path, flags, workingDirectory);
  const { dataset, lines } = await readDatasetLines(path, workingDirectory);
  const report = dedupeCases(dataset.cases, similarity);
  const gone = new Set(report.dropped.map((one) => one.line));
  const text = lines.filter((_, index) => !gone.has(index + 1)).join("");
  const { hash } = parseDatasetLines(text.replace(/^\uFEFF/, "").split("\n"), path);
  await writeDataset(destination, text);
  return { path, output: destination.shown, hash, ...report };
}
