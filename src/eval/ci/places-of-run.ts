import { isMap, LineCounter, parseDocument } from "yaml";
import { AgentctlError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import { readDataset } from "../../datasets/read-dataset.js";
import type { Place, Places } from "../../report/ci/annotation.js";
import type { Project } from "../project/load-project.js";
import { readTextFile } from "../project/read-text-file.js";
import { fileOfRun } from "./file-of-run.js";
import { gateLines } from "./gate-lines.js";
import { repositoryPath } from "./repository-path.js";

/**
 * Where golden set, gates and agent of a run stand in a repository now. A file that is outside, gone or unreadable
 * leaves its places unknown: what is said of a run must not fail for want of a line.
 *
 * @param root - of the repository
 */
export async function placesOfRun(project: Project, run: RunHeader, root: string): Promise<Places> {
  const dataset = fileOfRun(project, run, "dataset");
  const agent = fileOfRun(project, run, "agent");
  const gates = fileOfRun(project, run, "gates");
  const place = (file: string | null, line: number | null): Place | null => {
    const path = file === null ? null : repositoryPath(file, root);
    return path === null ? null : { file: path, line };
  };
  const lineOfCase = dataset === null ? new Map<string, number>() : await caseLines(dataset);
  const lineOfGate = gates === null ? () => null : gateLines(gates);
  return {
    ofCase: (caseId) => place(dataset, lineOfCase.get(caseId) ?? null),
    ofGate: (name) => {
      const found = lineOfGate(name);
      return place(found?.file ?? gates, found?.line ?? null);
    },
    agent: place(agent, agent === null ? null : modelLine(agent)),
  };
}

async function caseLines(file: string): Promise<ReadonlyMap<string, number>> {
  try {
    const { cases } = await readDataset(file);
    return new Map(cases.map(({ id, line }) => [id, line]));
  } catch (error) {
    if (error instanceof AgentctlError) return new Map();
    throw error;
  }
}

/** An agent that is not built in has no model; its first line then stands for it. */
function modelLine(file: string): number | null {
  let text: string;
  try {
    text = readTextFile(file, file, "an agent file", "");
  } catch {
    return null;
  }
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  const pair = isMap(contents) ? contents.items.find(({ key }) => String(key) === "model") : undefined;
  const start = (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0];
  return start === undefined ? 1 : lines.linePos(start).line;
}
