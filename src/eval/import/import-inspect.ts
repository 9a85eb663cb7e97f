import { readInspect } from "../../datasets/import/inspect.js";
import type { RunReport } from "../../report/run-report.js";
import { type ImportNameFlags, named } from "./import-named.js";
import { type ImportFlags, type ImportServices, importRun } from "./import-run.js";

export interface ImportInspectFlags extends ImportFlags, ImportNameFlags {
  /** Scorer that says whether a trial succeeded; default: the first. */
  readonly scorer?: string;
}

/**
 * Stores a log of Inspect as a run.
 *
 * @throws {DatasetError} with every problem of the log at once; nothing is then stored
 */
export function importInspect(
  file: string,
  flags: ImportInspectFlags,
  services: ImportServices,
): Promise<RunReport> {
  const read = async (path: string) => named(await readInspect(path, flags.scorer), flags);
  return importRun(file, "inspect", read, flags, services);
}
