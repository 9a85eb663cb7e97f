import { AgentctlError } from "../../core/errors.js";
import type { CiReport } from "../../report/ci/ci-markdown.js";
import type { RunReport } from "../../report/run-report.js";
import { reportStoredRun } from "../run/report-stored-run.js";
import { requireRun, withStore } from "../run/stored-run.js";

/** What says which runs a CI job is about. */
export interface CiRequest {
  /** Runs, or tags that the job gave to its runs. */
  readonly references: readonly string[];
  readonly config?: string;
  /** Exit code of the evaluation: with it, a run that is not there is told of, and no error. */
  readonly exitCode?: number;
}

/**
 * The runs of a CI job: of a tag the newest run of each suite, else the one run. Each once.
 *
 * @throws {UsageError} when there is no such run and no exit code tells of it
 * @throws {ConfigError} when the project or its gates cannot be used, unless an exit code tells of it
 */
export function ciReport({ references, config, exitCode }: CiRequest, workingDirectory: string): CiReport {
  const flags = config === undefined ? {} : { config };
  const mayBeMissing = exitCode !== undefined;
  const read = (): RunReport[] => {
    const ids = references.flatMap((one) => runIds(one, config, workingDirectory, mayBeMissing));
    return [...new Set(ids)].map((id) => reportStoredRun(id, flags, workingDirectory));
  };
  if (exitCode === undefined) return { runs: read(), exitCode: null };
  try {
    return { runs: read(), exitCode };
  } catch (error) {
    // The same wrong file has ended the evaluation already, and its message stands in the log.
    if (exitCode === 0 || !(error instanceof AgentctlError)) throw error;
    return { runs: [], exitCode };
  }
}

function runIds(
  reference: string,
  config: string | undefined,
  workingDirectory: string,
  mayBeMissing: boolean,
): readonly string[] {
  return withStore(config, workingDirectory, (store) => {
    const newest = new Map<string, string>();
    for (const { suite, id } of store.listRuns({ tag: reference })) {
      if (!newest.has(suite)) newest.set(suite, id);
    }
    if (newest.size > 0) return [...newest.values()].reverse();
    if (mayBeMissing && store.getRun(reference) === null) return [];
    return [requireRun(store, reference).id];
  });
}
