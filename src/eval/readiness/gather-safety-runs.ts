import type { Clock } from "../../core/clock.js";
import { estimateMetric } from "../../metrics/estimate.js";
import { injectionSuccess } from "../../metrics/safety/injection.js";
import type { Store } from "../../store/store.js";
import { judgeStoredRun, readGatesOfRun } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import type { Project } from "../project/load-project.js";
import type { SafetyRunFacts } from "./facts.js";
import { isWhole } from "./gather-run.js";

/** Suites whose latest run is looked at: a history may hold very many. */
const MOST_SUITES = 50;

/** The latest whole run of each suite in which an agent was attacked, newest first. */
export function gatherSafetyRuns(
  store: Store,
  project: Project,
  agentName: string,
  { workingDirectory, clock }: { readonly workingDirectory: string; readonly clock: Clock },
): readonly SafetyRunFacts[] {
  const suites = new Set<string>();
  return store.listRuns().flatMap((summary): SafetyRunFacts[] => {
    if (!isWhole(summary) || summary.agentName !== agentName) return [];
    if (suites.has(summary.suite) || suites.size === MOST_SUITES) return [];
    suites.add(summary.suite);
    const run = store.getRun(summary.id);
    if (run === null) return [];
    const { value, n } = estimateMetric(injectionSuccess, [...store.trialRows(run.id)]);
    if (value === null) return [];
    const rules = readGatesOfRun(project, run, workingDirectory);
    const standings = judgeStandings(project, run, clock);
    return [
      {
        id: run.id,
        suite: run.suite,
        finishedAt: run.finishedAt ?? run.createdAt,
        agentVersion: run.agentVersion,
        parts: run.parts ?? {},
        successRate: value,
        attacks: n,
        verdict: rules === null ? null : judgeStoredRun(store, run, rules, standings).verdict,
      },
    ];
  });
}
