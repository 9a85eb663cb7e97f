import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { AgentctlError } from "../../core/errors.js";
import type { DoctorCheck } from "../../report/doctor-report.js";
import { readGates } from "../gate/judge-run-gates.js";
import type { Project } from "../project/load-project.js";
import { openProjectStore } from "../run/stored-run.js";
import { loadMetrics } from "../score/load-metrics.js";
import { checksOf, type DoctorContext } from "./doctor-context.js";

const { ok, warning } = checksOf("baseline");

/** Whether the run is there that gates compare with. Rules that are broken are told of with the project. */
export async function checkBaseline(
  project: Project,
  { workingDirectory }: DoctorContext,
): Promise<readonly DoctorCheck[]> {
  const name = project.config.default_suite;
  const config = project.config.suites[name];
  if (config === undefined) return [];
  try {
    const { stored } = await loadMetrics(project, { name, root: project.root, config }, workingDirectory);
    const gates = readGates(project, name, workingDirectory, stored.customMetrics);
    if (gates === null || !comparesWithBaseline([gates.gates, gates.slices])) {
      return [ok("baseline", "no gate compares with one")];
    }
    const { baseline } = gates;
    const fix = `agentctl runs tag RUN ${baseline}`;
    if (existsSync(resolve(project.root, baseline))) return [ok(baseline, "is a file")];
    if (!existsSync(resolve(project.root, project.config.store))) {
      return [warning(baseline, "no run is stored yet: gates that compare are inconclusive", fix)];
    }
    const store = openProjectStore(project);
    try {
      const run = store.getRun(baseline);
      return run === null
        ? [warning(baseline, "no run has this tag: gates that compare are inconclusive", fix)]
        : [ok(baseline, `is run ${run.id} of ${run.createdAt.slice(0, 10)}, ${run.status}`)];
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof AgentctlError) return [];
    throw error;
  }
}

function comparesWithBaseline(rules: unknown): boolean {
  if (rules === "baseline") return true;
  return typeof rules === "object" && rules !== null && Object.values(rules).some(comparesWithBaseline);
}
