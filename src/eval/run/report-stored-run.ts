import { systemClock } from "../../core/clock.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunReport } from "../../report/run-report.js";
import type { Store } from "../../store/store.js";
import { readGatesOfRun } from "../gate/judge-run-gates.js";
import { judgeStandings } from "../judge/judge-standings.js";
import { plannedOutputs, writeOutputs } from "../output/write-outputs.js";
import { loadProject, type Project } from "../project/load-project.js";
import { buildReport, traceLoader } from "./build-report.js";
import { openProjectStore, requireRun } from "./stored-run.js";

/**
 * The report of a stored run, judged by the project's gates as they are now.
 *
 * @throws {UsageError} when there is no such run
 */
export function reportStoredRun(
  reference: string,
  flags: { readonly config?: string },
  workingDirectory: string,
): RunReport {
  const project = loadProject(flags.config, workingDirectory);
  const store = openProjectStore(project);
  try {
    return reportOf(store, reference, project, workingDirectory);
  } finally {
    store.close();
  }
}

/**
 * Writes the reports of a stored run.
 *
 * @returns the files written
 */
export async function writeStoredReports(
  reference: string,
  flags: { readonly config?: string; readonly output?: readonly string[] },
  workingDirectory: string,
): Promise<readonly string[]> {
  const project = loadProject(flags.config, workingDirectory);
  const outputs = plannedOutputs(flags, project, workingDirectory);
  const store = openProjectStore(project);
  try {
    const report = reportOf(store, reference, project, workingDirectory);
    return await writeOutputs(outputs, report, traceLoader(store, report.run.id), project);
  } finally {
    store.close();
  }
}

function reportOf(store: Store, reference: string, project: Project, workingDirectory: string): RunReport {
  const run = requireRun(store, reference);
  const gates = readGatesOfRun(project, run, workingDirectory);
  return buildReport(
    store,
    run,
    storedCases(store, run.plan),
    gates,
    judgeStandings(project, run, systemClock),
  );
}

/** The golden cases of a run as they were when it ran, in plan order. */
export function storedCases(
  store: Store,
  plan: readonly { readonly caseHash: string }[],
): readonly GoldenCase[] {
  const hashes = new Set(plan.map((planned) => planned.caseHash));
  return [...hashes].flatMap((hash) => store.getCase(hash) ?? []);
}
