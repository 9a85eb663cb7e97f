import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../../core/errors.js";
import { parseDatasetLines } from "../../datasets/dataset-builder.js";
import type { ImportedDataset } from "../../datasets/import/table.js";
import { datasetText } from "../../datasets/write-dataset.js";
import type { ImportedDatasetReport } from "../../report/imported-dataset.js";
import { writeDataset } from "../dataset/dataset-output.js";
import { shownPath } from "../project/shown-path.js";

/** Flags of an import that can write a golden set. */
export interface ImportDatasetFlags {
  readonly dataset?: string;
  readonly force?: boolean;
}

/**
 * Writes the golden set that a file of another tool makes, whole or not at all.
 *
 * @param read - reads the file; nothing is written when it throws
 * @throws {UsageError} when the destination exists and --force is not given, or cannot be written
 */
export async function importDataset(
  file: string,
  read: (path: string) => Promise<ImportedDataset> | ImportedDataset,
  flags: ImportDatasetFlags & { readonly dataset: string },
  workingDirectory: string,
): Promise<ImportedDatasetReport> {
  const source = resolve(workingDirectory, file);
  const path = resolve(workingDirectory, flags.dataset);
  checkDestination(flags.dataset, path, source, flags.force === true);
  const { drafts, notes } = await read(shownPath(source, workingDirectory));
  const text = datasetText(drafts);
  const { hash, cases } = parseDatasetLines(text.split("\n"), flags.dataset);
  await writeDataset({ shown: flags.dataset, path }, text);
  return { source: file, dataset: flags.dataset, cases: cases.length, hash, notes };
}

function checkDestination(shown: string, path: string, source: string, force: boolean): void {
  const fail = (message: string, nextStep: string): never => {
    throw new UsageError(`--dataset ${shown}: ${message}`, { nextStep });
  };
  if (path === source) fail("is the file that is read", "name another file");
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true)
    fail("expected its folder to exist, found none", `make it with \`mkdir -p ${dirname(shown)}\``);
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isDirectory() === true) fail("expected a file name, found a folder", "name a file in it");
  if (existing?.isFile() === true && !force)
    fail("expected no such file, found one", "pass --force to replace it, or name another file");
}
