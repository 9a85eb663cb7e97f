import type { Clock } from "../../core/clock.js";
import type { GateReport } from "../../gates/gate-report.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { judgeStoredRun, requireGates } from "./judge-run-gates.js";

/**
 * `agentctl gate`: judges a stored run by the project's gate rules.
 *
 * @throws {UsageError} when there is no such run
 * @throws {ConfigError} when the rules cannot be used
 */
export function gateStoredRun(
  reference: string,
  flags: { readonly config?: string; readonly rules?: string },
  workingDirectory: string,
  clock: Clock,
): GateReport {
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    const run = requireRun(store, reference);
    return judgeStoredRun(
      store,
      run,
      requireGates(project, run.suite, workingDirectory, run.customMetrics, flags.rules),
      judgeStandings(project, run, clock),
    );
  } finally {
    store.close();
  }
}
