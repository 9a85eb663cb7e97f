import { resolve } from "node:path";
import { UsageError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import { openSqliteStore } from "../../store/sqlite-store.js";
import type { Store } from "../../store/store.js";
import { loadProject, type Project } from "../project/load-project.js";

/** Opens the run history of a project. The caller closes it. */
export function openProjectStore(project: Project): Store {
  return openSqliteStore(resolve(project.root, project.config.store));
}

/**
 * Finds a run by id, beginning of its id, tag or `latest`.
 *
 * @throws {UsageError} when there is none
 */
export function requireRun(store: Store, reference: string): RunHeader {
  const run = store.getRun(reference);
  if (run !== null) return run;
  throw new UsageError(reference === "latest" ? "found no run yet" : `found no run "${reference}"`, {
    nextStep:
      reference === "latest" ? "start one with `agentctl eval`" : "`agentctl runs list` shows the runs",
  });
}

/** Opens the run history of the project, hands it to `use`, and closes it. */
export function withStore<T>(
  configFile: string | undefined,
  workingDirectory: string,
  use: (store: Store) => T,
): T {
  const store = openProjectStore(loadProject(configFile, workingDirectory));
  try {
    return use(store);
  } finally {
    store.close();
  }
}
