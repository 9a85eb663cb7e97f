import { resolve } from "node:path";
import { ConfigError } from "../../core/errors.js";
import type { RunHeader } from "../../core/run.js";
import { judgeMetricNames } from "../../judge/claim-metrics.js";
import type { CaseMetric } from "../../metrics/metric.js";
import {
  defaultMetricSet,
  factsOf,
  type MetricSet,
  metricSetOf,
  selectMetrics,
} from "../../metrics/metric-set.js";
import { metricByName, metrics } from "../../metrics/registry.js";
import type { FoundSuite, Project } from "../project/load-project.js";
import { shownPath } from "../project/shown-path.js";
import { isMetricFile, loadMetricFile } from "./load-metric-file.js";

/** The metrics of a suite, and what a run stores of them. */
export interface LoadedMetrics {
  readonly set: MetricSet;
  /** Those of the set that the project defines. */
  readonly custom: readonly CaseMetric[];
  readonly stored: Pick<RunHeader, "metrics" | "customMetrics">;
}

/** A list of metrics as somebody wrote it. */
interface MetricList {
  readonly entries: readonly string[];
  /** Folder that paths in it are relative to. */
  readonly root: string;
  /** Place to name in problems. */
  readonly place: string;
}

const NAMES = "choose another `name`; docs/metrics-of-your-own.md says which are taken";

/** What a run stores of its metrics. */
export function storedMetrics(set: MetricSet, custom: readonly CaseMetric[]): LoadedMetrics["stored"] {
  return { metrics: set.metrics.map((metric) => metric.name), customMetrics: custom.map(factsOf) };
}

/**
 * Reads which metrics a suite asks for, and loads those of the project from their files.
 *
 * @param asked - metrics that a flag names instead of those of the suite; paths are relative to the working directory,
 *   and the project's own metrics may be named as well
 * @throws {ConfigError} for a name that no metric has, and for a file that holds no metric
 */
export async function loadMetrics(
  project: Project,
  suite: FoundSuite | null,
  workingDirectory: string,
  asked?: readonly string[],
): Promise<LoadedMetrics> {
  const configured = listOf(project, suite, workingDirectory);
  if (asked === undefined) return select(configured, await loadFiles(configured, workingDirectory), []);
  const list: MetricList = { entries: asked, root: workingDirectory, place: "--metrics" };
  const custom = await loadFiles(list, workingDirectory);
  const isKnown = !("unknown" in selectMetrics(namesIn(list), custom));
  const known = isKnown ? [] : await loadFiles(configured, workingDirectory);
  return select(list, custom, known);
}

/**
 * The metrics that a project defines in files, over all its suites, each once.
 *
 * @throws {ConfigError} for a file that holds no metric
 */
export async function projectMetrics(
  project: Project,
  workingDirectory: string,
): Promise<readonly CaseMetric[]> {
  const lists = [
    project.config.metrics,
    ...Object.values(project.config.suites).map(({ metrics }) => metrics),
  ];
  const files = new Set(
    lists.flatMap((list) => (list ?? []).filter(isMetricFile)).map((file) => resolve(project.root, file)),
  );
  const place = shownPath(project.file, workingDirectory);
  return loadFiles({ entries: [...files], root: project.root, place }, workingDirectory);
}

function listOf(project: Project, suite: FoundSuite | null, workingDirectory: string): MetricList {
  const place = shownPath(project.file, workingDirectory);
  const own = suite?.config.metrics;
  return own === undefined || suite === null
    ? { entries: project.config.metrics, root: project.root, place }
    : { entries: own, root: suite.root, place };
}

function namesIn({ entries }: MetricList): readonly string[] {
  return entries.filter((entry) => !isMetricFile(entry));
}

/** A file that is listed twice is loaded once. */
async function loadFiles(list: MetricList, workingDirectory: string): Promise<readonly CaseMetric[]> {
  const files = new Set(list.entries.filter(isMetricFile).map((entry) => resolve(list.root, entry)));
  const loaded: CaseMetric[] = [];
  const holders = new Map<string, string>();
  for (const file of files) {
    const metric = await loadMetricFile(file, workingDirectory);
    const shown = shownPath(file, workingDirectory);
    const holder = metricByName(metric.name) === undefined ? holders.get(metric.name) : "agentctl itself";
    if (holder !== undefined) {
      const message = `expected a name of its own, found "${metric.name}", which ${holder} gives to another metric`;
      throw new ConfigError([{ file: shown, message }], { nextStep: NAMES });
    }
    holders.set(metric.name, shown);
    loaded.push(metric);
  }
  return loaded;
}

function select(
  list: MetricList,
  custom: readonly CaseMetric[],
  nameable: readonly CaseMetric[],
): LoadedMetrics {
  const judged = namesIn(list).find((name) => judgeMetricNames.includes(name));
  if (judged !== undefined) {
    const message = `metric "${judged}" needs a judge`;
    throw new ConfigError([{ file: list.place, message }], {
      nextStep: "take it out; `agentctl score RUN --judge MODEL` gives it",
    });
  }
  const selected = selectMetrics(namesIn(list), custom, nameable);
  if ("unknown" in selected) {
    throw new ConfigError(
      selected.unknown.map((name) => ({ file: list.place, message: `unknown metric ${name}` })),
    );
  }
  const set = selected.set.metrics.length > 0 ? selected.set : defaultMetricSet;
  return loadedOf(set, [...custom, ...nameable]);
}

/** The metrics with those that gate rules name beside them. */
export function withMetrics(loaded: LoadedMetrics, names: readonly string[]): LoadedMetrics {
  return only(loaded, [...loaded.stored.metrics, ...names]);
}

/** The metrics that an earlier run was started with; `loaded` brings the code of the project's own. */
export function metricsOfRun(loaded: LoadedMetrics, run: RunHeader): LoadedMetrics {
  return run.metrics.length === 0
    ? { set: defaultMetricSet, custom: [], stored: run }
    : only(loaded, run.metrics);
}

function only({ custom }: LoadedMetrics, names: readonly string[]): LoadedMetrics {
  const wanted = new Set(names);
  return loadedOf(metricSetOf([...metrics, ...custom].filter(({ name }) => wanted.has(name))), custom);
}

function loadedOf(set: MetricSet, custom: readonly CaseMetric[]): LoadedMetrics {
  const own = custom.filter((metric) => set.metrics.includes(metric));
  return { set, custom: own, stored: storedMetrics(set, own) };
}
