import { parseGatesFile } from "../../config/gates/parse-gates-file.js";
import type { Clock } from "../../core/clock.js";
import type { GateReport } from "../../gates/gate-report.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { loadProject } from "../project/load-project.js";
import { openProjectStore, requireRun } from "../run/stored-run.js";
import { judgeStoredRun } from "./judge-run-gates.js";
import { namesForRules } from "./names-for-rules.js";

/**
 * Judges a stored run by rules that stand in no file. What is inconclusive stays so.
 *
 * @param gates - rules as they would stand under `gates` of gates.yaml
 * @param shown - what problems of the rules call the place where they stand
 * @throws {UsageError} when there is no such run
 * @throws {ConfigError} with every problem of the rules
 */
export function judgeGivenRules(
  reference: string,
  gates: readonly object[],
  shown: string,
  config: string | undefined,
  workingDirectory: string,
  clock: Clock,
): GateReport {
  const project = loadProject(config, workingDirectory);
  const store = openProjectStore(project);
  try {
    const run = requireRun(store, reference);
    const text = JSON.stringify({ version: 1, defaults: { on_inconclusive: "inconclusive" }, gates });
    const rules = parseGatesFile(
      text,
      shown,
      namesForRules(text, project, workingDirectory, run.customMetrics),
    );
    return judgeStoredRun(store, run, rules, judgeStandings(project, run, clock));
  } finally {
    store.close();
  }
}
