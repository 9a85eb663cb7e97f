import type { Annotation } from "../../report/ci/annotation.js";
import { annotationsOf } from "../../report/ci/annotations.js";
import type { CiReport } from "../../report/ci/ci-markdown.js";
import { loadProject } from "../project/load-project.js";
import { placesOfRun } from "./places-of-run.js";
import { repositoryRoot } from "./repository-path.js";

/** The annotations of the runs of a CI job, the most serious of each run first. */
export async function ciAnnotations(
  { runs, exitCode }: CiReport,
  config: string | undefined,
  workingDirectory: string,
): Promise<readonly Annotation[]> {
  if (runs.length === 0) return exitCode === 0 ? [] : [noRun(exitCode)];
  const project = loadProject(config, workingDirectory);
  const root = repositoryRoot(project.root) ?? workingDirectory;
  const found: Annotation[] = [];
  for (const report of runs) {
    found.push(...annotationsOf(report, await placesOfRun(project, report.run, root)));
  }
  return found;
}

function noRun(exitCode: number | null): Annotation {
  const code = exitCode === null ? "" : ` (exit code ${exitCode})`;
  return {
    level: "error",
    file: null,
    line: null,
    title: "agentctl: no run",
    message: `The evaluation left no run${code}; the log of the job says why.`,
  };
}
