import { UsageError } from "../../core/errors.js";
import { isEvalsLog, openaiEvalsLogDataset, openaiEvalsRun } from "../../datasets/import/openai-evals.js";
import { openaiEvalsSamples } from "../../datasets/import/openai-evals-samples.js";
import { readJsonLines } from "../../datasets/import/table-file.js";
import { otherKindHint } from "../../datasets/import/table-kind.js";
import { type ImportDatasetFlags, importDataset } from "./import-dataset.js";
import { type ImportNameFlags, named } from "./import-named.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";
import type { Imported } from "./import-table.js";

/**
 * Stores a log of OpenAI evals as a run, or writes its samples, or a file of samples, as a golden set.
 *
 * @throws {UsageError} when samples are to become a run
 * @throws {DatasetError} with every problem of the file at once; nothing is then stored or written
 */
export async function importOpenaiEvals(
  file: string,
  flags: ImportFlags & ImportNameFlags & ImportDatasetFlags,
  services: ImportServices,
): Promise<Imported> {
  const { dataset } = flags;
  if (dataset !== undefined) {
    const read = async (path: string) => {
      const rows = await readJsonLines(path);
      return isEvalsLog(rows) ? openaiEvalsLogDataset(path, rows) : openaiEvalsSamples(path, rows);
    };
    const report = await importDataset(file, read, { ...flags, dataset }, services.workingDirectory);
    return { kind: "dataset", report };
  }
  const read = async (path: string) => {
    const rows = await readJsonLines(path);
    if (isEvalsLog(rows)) return named(openaiEvalsRun(path, rows), flags);
    const first = rows[0]?.value ?? {};
    if ("input" in first && !("id" in first)) {
      throw new UsageError(`${path}: holds samples, which are no run`, {
        nextStep: "write them as a golden set with --dataset golden.jsonl",
      });
    }
    const hint = otherKindHint(first, "agentctl import openai-evals");
    throw new UsageError(
      `${path}: expected a log of OpenAI evals, with \`spec\` and events; found none${hint}`,
      {
        nextStep: "name the .jsonl file that `oaieval` wrote",
      },
    );
  };
  return { kind: "run", report: await importRun(file, "openai-evals", read, flags, services) };
}
