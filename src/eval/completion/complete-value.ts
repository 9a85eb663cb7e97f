import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { type ProjectOutline, projectOutline, type SuiteOutline } from "./project-outline.js";
import type { ValueSource } from "./value-source.js";

interface Candidate {
  readonly value: string;
  readonly description: string;
}

const MOST_RUNS = 50;
const MOST_CASES = 2000;

/**
 * Values that a flag or an argument can take in a project. Reads no more than it must, creates nothing, and finds nothing
 * rather than to fail: a person in the middle of a line cannot read an error.
 *
 * @param given - values of flags on the same line, by long name
 */
export async function completeValue(
  source: ValueSource,
  given: ReadonlyMap<string, string>,
  workingDirectory: string,
): Promise<readonly Candidate[]> {
  try {
    const project = projectOutline(given.get("--config"), workingDirectory);
    return await FINDERS[source](project, given, workingDirectory);
  } catch {
    return [];
  }
}

type Finder = (
  project: ProjectOutline,
  given: ReadonlyMap<string, string>,
  workingDirectory: string,
) => readonly Candidate[] | Promise<readonly Candidate[]>;

const FINDERS: { readonly [Source in ValueSource]: Finder } = {
  suite: ({ suites }) => named([...suites.keys()]),
  case: (project, given, workingDirectory) =>
    casesOf(project, given, workingDirectory).flatMap(({ id, input }) =>
      typeof id === "string" ? [{ value: id, description: typeof input === "string" ? input : "" }] : [],
    ),
  "case-tag": (project, given, workingDirectory) => {
    const tags = casesOf(project, given, workingDirectory).flatMap(({ tags }) =>
      Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
    );
    return named([...new Set(tags)]);
  },
  run: async (project) => {
    const runs = await runsOf(project);
    const tags = [...new Set(runs.flatMap((run) => run.tags))];
    return [
      ...(runs.length === 0 ? [] : [{ value: "latest", description: "the newest run" }]),
      ...tags.map((value) => ({ value, description: "tag" })),
      ...runs.map(({ id, suite, status }) => ({ value: id, description: `${suite}, ${status}` })),
    ];
  },
  "run-tag": async (project) => named([...new Set((await runsOf(project)).flatMap((run) => run.tags))]),
  metric: async () => {
    const { metrics } = await import("../../metrics/registry.js");
    return metrics.map(({ name, description }) => ({ value: name, description }));
  },
  judge: ({ root }) => {
    const folder = resolve(root, "judges");
    const files = existsSync(folder) ? readdirSync(folder).sort() : [];
    return named(files.flatMap((file) => /^(.+)\.ya?ml$/.exec(file)?.[1] ?? []));
  },
  gate: (project, given) => {
    const file = suiteOf(project, given).gates;
    const { gates } = parse(readFileSync(file, "utf8")) as { gates?: unknown };
    const names = (Array.isArray(gates) ? gates : []).map((gate) => gate?.name ?? gate?.metric);
    return named(names.filter((name) => typeof name === "string"));
  },
  part: async (project, given, workingDirectory) => {
    const { agent } = suiteOf(project, given);
    const { loadAgent } = await import("../agent/load-agent.js");
    const { partsOf } = await import("../../config/switched-off.js");
    return named(partsOf(loadAgent(agent, workingDirectory).config));
  },
};

/** Lines of the golden set as they are: what is wrong in one does not matter here. */
function casesOf(
  project: ProjectOutline,
  given: ReadonlyMap<string, string>,
  workingDirectory: string,
): readonly { readonly [key: string]: unknown }[] {
  const own = given.get("--dataset");
  const file = own === undefined ? suiteOf(project, given).dataset : resolve(workingDirectory, own);
  return readFileSync(file, "utf8")
    .split("\n", MOST_CASES)
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === "object" && value !== null ? [{ ...value }] : [];
      } catch {
        return [];
      }
    });
}

function suiteOf(project: ProjectOutline, given: ReadonlyMap<string, string>): SuiteOutline {
  const suite = project.suites.get(given.get("--suite") ?? project.defaultSuite);
  if (suite === undefined) throw new Error("no such suite");
  return suite;
}

async function runsOf(project: ProjectOutline) {
  if (!existsSync(project.store)) return [];
  const { openSqliteStore } = await import("../../store/sqlite-store.js");
  const store = openSqliteStore(project.store);
  try {
    return store.listRuns({ limit: MOST_RUNS });
  } finally {
    store.close();
  }
}

function named(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, description: "" }));
}
