import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { findProjectFile } from "../project/find-project-file.js";

/** What completion needs to know of a project; paths are absolute. */
export interface ProjectOutline {
  readonly root: string;
  readonly suites: ReadonlyMap<string, SuiteOutline>;
  readonly defaultSuite: string;
  readonly store: string;
}

export interface SuiteOutline {
  readonly dataset: string;
  readonly agent: string;
  readonly gates: string;
}

/**
 * Reads a project file without checking it: the schemas take longer to load than a person waits for a completion.
 *
 * @throws whatever keeps the file from being read
 */
export function projectOutline(configFile: string | undefined, workingDirectory: string): ProjectOutline {
  const file =
    configFile === undefined ? findProjectFile(workingDirectory) : resolve(workingDirectory, configFile);
  if (file === null) throw new Error("no project here");
  const root = dirname(file);
  const project = mapOf(parse(readFileSync(file, "utf8")));
  const path = (value: unknown, otherwise: string) =>
    resolve(root, typeof value === "string" ? value : otherwise);
  const gates = path(project.gates, "gates.yaml");
  return {
    root,
    suites: new Map(
      Object.entries(mapOf(project.suites)).map(([name, value]) => {
        const suite = mapOf(value);
        return [
          name,
          { dataset: path(suite.dataset, ""), agent: path(suite.agent, ""), gates: path(suite.gates, gates) },
        ];
      }),
    ),
    defaultSuite: String(project.default_suite ?? ""),
    store: path(project.store, ".agentctl/agentctl.db"),
  };
}

function mapOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
