import { resolve } from "node:path";
import type { RunHeader } from "../../core/run.js";
import { lookUpSuite, type Project } from "../project/load-project.js";

/**
 * The golden set, agent or gate file of a run as the project names it now, or as a flag named it then; absolute.
 * `null` for a run of a suite that the project does not have.
 */
export function fileOfRun(
  project: Project,
  run: Pick<RunHeader, "suite" | "invocation">,
  kind: "dataset" | "agent" | "gates",
): string | null {
  const given = run.invocation[kind];
  if (typeof given === "string") return given;
  const suite = lookUpSuite(project, run.suite);
  const own = suite?.config[kind];
  if (suite !== null && own !== undefined) return resolve(suite.root, own);
  return kind === "gates" ? resolve(project.root, project.config.gates) : null;
}
