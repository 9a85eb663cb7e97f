import { claimRun } from "./claim-run.js";
import { requireRun, withStore } from "./stored-run.js";

/**
 * Removes runs with all their trials; none when one of them cannot be removed.
 *
 * @returns the ids removed
 * @throws {UsageError} when a run does not exist, or another process executes it
 */
export function removeRuns(
  references: readonly string[],
  configFile: string | undefined,
  workingDirectory: string,
): readonly string[] {
  return withStore(configFile, workingDirectory, (store) => {
    const ids = [...new Set(references.map((reference) => requireRun(store, reference).id))];
    for (const id of ids) claimRun(store, id);
    for (const id of ids) store.deleteRun(id);
    return ids;
  });
}
