import { resolve } from "node:path";
import { UsageError } from "../../core/errors.js";
import { promptfooDataset, readPromptfoo } from "../../datasets/import/promptfoo.js";
import { promptfooRuns } from "../../datasets/import/promptfoo-results.js";
import type { ImportedDatasetReport } from "../../report/imported-dataset.js";
import type { RunReport } from "../../report/run-report.js";
import type { RunSummary } from "../../store/store.js";
import { loadProject } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { openProjectStore } from "../run/stored-run.js";
import { type ImportDatasetFlags, importDataset } from "./import-dataset.js";
import { type ImportNameFlags, named } from "./import-named.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportPromptfooFlags extends ImportFlags, ImportNameFlags, ImportDatasetFlags {
  /** Variable that the user says. */
  readonly inputVar?: string;
  /** Label or id of the provider whose results are wanted; default: all. */
  readonly provider?: string;
  /** Label of the prompt, or a part of it; default: all. */
  readonly prompt?: string;
}

/** What an import of promptfoo made; several runs when the results are of several providers or prompts. */
export type PromptfooImported =
  | { readonly kind: "dataset"; readonly report: ImportedDatasetReport }
  | { readonly kind: "run"; readonly report: RunReport }
  | { readonly kind: "runs"; readonly runs: readonly RunSummary[] };

/**
 * Stores results of promptfoo as runs, or writes its tests as a golden set.
 *
 * @throws {UsageError} when a flag and the file do not fit
 * @throws {DatasetError} with every problem of the file at once; nothing is then stored or written
 */
export async function importPromptfoo(
  file: string,
  flags: ImportPromptfooFlags,
  services: ImportServices,
): Promise<PromptfooImported> {
  const { workingDirectory } = services;
  const path = shownPath(resolve(workingDirectory, file), workingDirectory);
  const read = await readPromptfoo(path);
  const { dataset, inputVar } = flags;
  if (read.kind === "config") {
    if (dataset === undefined) {
      throw new UsageError(`${path}: holds tests, which are no run`, {
        nextStep: "write them as a golden set with --dataset golden.jsonl",
      });
    }
    const make = (shown: string) => promptfooDataset(shown, read, inputVar);
    const report = await importDataset(file, make, { ...flags, dataset }, workingDirectory);
    return { kind: "dataset", report };
  }
  if (dataset !== undefined) {
    throw new UsageError(`${path}: holds results; --dataset takes a configuration or tests`, {
      nextStep: "leave --dataset out to store a run, or name promptfooconfig.yaml",
    });
  }
  const { provider, prompt } = flags;
  const columns = promptfooRuns(path, read.results, { provider, prompt, inputVar });
  if (flags.name !== undefined && columns.length > 1) {
    throw new UsageError(`--name: expected one run to name, found ${columns.length}`, {
      nextStep: "choose one with --provider and --prompt",
    });
  }
  const reports: RunReport[] = [];
  for (const { run } of columns)
    reports.push(await importRun(file, "promptfoo", () => named(run, flags), flags, services));
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return { kind: "run", report: only };
  const ids = new Set(reports.map(({ run }) => run.id));
  const store = openProjectStore(loadProject(flags.config, workingDirectory));
  try {
    return { kind: "runs", runs: store.listRuns().filter(({ id }) => ids.has(id)) };
  } finally {
    store.close();
  }
}
