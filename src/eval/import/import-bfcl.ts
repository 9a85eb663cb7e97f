import { resolve } from "node:path";
import { readBfcl } from "../../datasets/import/bfcl.js";
import type { RunReport } from "../../report/run-report.js";
import { shownPath } from "../project/shown-path.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportBfclFlags extends ImportFlags {
  readonly cases: string;
  readonly gold?: string;
}

/**
 * Stores a model's results on the Berkeley Function-Calling Leaderboard as a run.
 *
 * @throws {DatasetError} with every problem of the files at once; nothing is then stored
 */
export function importBfcl(
  file: string,
  flags: ImportBfclFlags,
  services: ImportServices,
): Promise<RunReport> {
  const shown = (path: string) =>
    shownPath(resolve(services.workingDirectory, path), services.workingDirectory);
  const gold = flags.gold === undefined ? null : shown(flags.gold);
  const read = (results: string) => readBfcl({ results, cases: shown(flags.cases), gold });
  return importRun(file, "bfcl", read, flags, services);
}
