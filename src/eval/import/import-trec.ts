import { resolve } from "node:path";
import { readTrecResults } from "../../datasets/import/trec.js";
import type { RunReport } from "../../report/run-report.js";
import { shownPath } from "../project/shown-path.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportTrecFlags extends ImportFlags {
  /** Relevance judgements, relative to the working directory. */
  readonly qrels: string;
  /** Texts of the queries, likewise. */
  readonly queries?: string;
}

/**
 * Stores a retrieval run of TREC as a run.
 *
 * @throws {DatasetError} with every problem of a file at once; nothing is then stored
 */
export function importTrec(
  file: string,
  flags: ImportTrecFlags,
  services: ImportServices,
): Promise<RunReport> {
  const { workingDirectory } = services;
  const shown = (path: string) => shownPath(resolve(workingDirectory, path), workingDirectory);
  const files = {
    qrels: shown(flags.qrels),
    queries: flags.queries === undefined ? null : shown(flags.queries),
  };
  return importRun(file, "trec", (path) => readTrecResults(path, files), flags, services);
}
