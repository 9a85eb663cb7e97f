import { resolve } from "node:path";
import { asNamed, type ItemResolver } from "../../judge/import/item-resolver.js";
import { type JudgementTable, readJudgementTable } from "../../judge/import/judgement-table.js";
import type { JudgementStore } from "../../store/judgement-store.js";
import { loadProject, type Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { trialNames } from "./import-trial-names.js";
import { openProjectJudgements } from "./project-judgements.js";

/** Flags that imports of labels and of verdicts share. */
export interface ImportPlaceFlags {
  readonly config?: string;
  /** Run whose trials the items name. */
  readonly run?: string;
  /** Character between cells of CSV. */
  readonly delimiter?: string;
}

/** What an import of labels or verdicts works on. */
export interface ImportPlace {
  readonly project: Project;
  readonly table: JudgementTable;
  readonly judgements: JudgementStore;
  readonly resolve: ItemResolver;
}

/**
 * Reads the table and opens the stores for an import.
 *
 * @throws {DatasetError} with every problem of the file, those that the import noted too
 */
export async function withImportPlace<T>(
  file: string,
  flags: ImportPlaceFlags,
  workingDirectory: string,
  use: (place: ImportPlace) => T,
): Promise<T> {
  const project = loadProject(flags.config, workingDirectory);
  const path = shownPath(resolve(workingDirectory, file), workingDirectory);
  const table = await readJudgementTable(path, flags.delimiter);
  const history = flags.run === undefined ? null : openProjectStore(project);
  try {
    const resolver =
      history === null || flags.run === undefined
        ? asNamed
        : trialNames(history, requireRun(history, flags.run));
    const judgements = openProjectJudgements(project);
    try {
      return use({ project, table, judgements, resolve: resolver });
    } finally {
      judgements.close();
    }
  } finally {
    history?.close();
  }
}
