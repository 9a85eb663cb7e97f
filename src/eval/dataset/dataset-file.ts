import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { DatasetError, type Problem, UsageError } from "../../core/errors.js";
import type { Dataset } from "../../core/golden-case.js";
import { parseDatasetLines } from "../../datasets/dataset-builder.js";
import { readDataset } from "../../datasets/read-dataset.js";
import { environmentNames } from "../../environments/registry.js";
import { shownPath } from "../project/shown-path.js";
import { checkEnvironments } from "./check-cases.js";

/**
 * Reads a golden set as `eval` does: wrong lines and environments that do not exist are refused.
 *
 * @throws {DatasetError} with every problem of the file
 */
export async function readDatasetFile(path: string, workingDirectory: string): Promise<Dataset> {
  const dataset = await readDataset(shownPath(resolve(workingDirectory, path), workingDirectory));
  checkEnvironments(dataset, environmentNames());
  return dataset;
}

/**
 * Reads several golden sets.
 *
 * @throws {DatasetError} with every problem of every file at once
 * @throws {UsageError} when a file is named twice
 */
export async function readDatasetFiles(
  paths: readonly string[],
  workingDirectory: string,
): Promise<readonly Dataset[]> {
  const twice = paths.find((path, index) => {
    const first = paths.findIndex(
      (one) => resolve(workingDirectory, one) === resolve(workingDirectory, path),
    );
    return first !== index;
  });
  if (twice !== undefined) throw new UsageError(`${twice}: expected each file once, found it twice`);
  const datasets: Dataset[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      datasets.push(await readDatasetFile(path, workingDirectory));
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new DatasetError(problems);
  return datasets;
}

/** A golden set, and its file line by line as it stands there. */
export interface DatasetLines {
  readonly dataset: Dataset;
  /** Line n at n - 1, with its line end; all of them joined are the file. */
  readonly lines: readonly string[];
}

/**
 * Reads a golden set together with its text, for commands that write it again.
 *
 * @throws {DatasetError} with every problem of the file, and when the file changes meanwhile
 * @throws {UsageError} on a pipe, which can be read once only
 */
export async function readDatasetLines(path: string, workingDirectory: string): Promise<DatasetLines> {
  const file = resolve(workingDirectory, path);
  const status = await stat(file).catch(() => null);
  if (status !== null && !status.isFile() && !status.isDirectory()) {
    throw new UsageError(`${path}: expected a regular file, found a pipe or device`, {
      nextStep: "save it to a file first",
    });
  }
  const dataset = await readDatasetFile(path, workingDirectory);
  const lines = (await readFile(file, "utf8")).split(/(?<=\n)/);
  const contents = lines.map((line, index) => (index === 0 ? line.replace(/^\uFEFF/, "") : line));
  if (parseDatasetLines(contents, path).hash !== dataset.hash) {
    throw new DatasetError([{ file: path, message: "changed while it was read; run the command again" }]);
  }
  return { dataset, lines };
}
