import { resolve } from "node:path";
import { ConfigError } from "../core/errors.js";
import type { RunHeader } from "../core/run.js";
import { customMetric } from "../metrics/custom-metric.js";
import type { CaseMetric } from "../metrics/metric.js";
import {
  defaultMetricSet,
  factsOf,
  type MetricSet,
  metricSetOf,
  selectMetrics,
} from "../metrics/metric-set.js";
import { metricByName, metrics } from "../metrics/registry.js";
import type { FoundSuite, Project } from "./load-project.js";
import { shownPath } from "./shown-path.js";

/** The metrics of a suite, and what a run stores of them. */
export interface LoadedMetrics {
  readonly set: MetricSet;
  /** Those of the set that the project defines. */
  readonly custom: readonly CaseMetric[];
  readonly stored: Pick<RunHeader, "metrics" | "customMetrics">;
}

/** What a run stores of its metrics. */
export function storedMetrics(set: MetricSet, custom: readonly CaseMetric[]): LoadedMetrics["stored"] {
  return { metrics: set.metrics.map((metric) => metric.name), customMetrics: custom.map(factsOf) };
}

/**
 * Reads which metrics a suite asks for, and loads those of the project from their files.
 *
 * @param asked - metrics named elsewhere, e.g. by flags: instead of those of the suite
 * @throws {ConfigError} for a name that no metric has, and for a file that holds no metric
 */
export async function loadMetrics(
  project: Project,
  suite: FoundSuite | null,
  workingDirectory: string,
  asked?: readonly string[],
): Promise<LoadedMetrics> {
  const own = suite?.config.metrics;
  const [names, root] =
    asked !== undefined
      ? [asked, workingDirectory]
      : own !== undefined && suite !== null
        ? [own, suite.root]
        : [project.config.metrics, project.root];
  const shown = shownPath(project.file, workingDirectory);
  const files = names.filter(isFile);
  const custom: CaseMetric[] = [];
  for (const file of files) custom.push(await loadCustomMetric(resolve(root, file), workingDirectory));
  const clash = custom.find(
    ({ name }, index) =>
      metricByName(name) !== undefined || custom.findIndex((one) => one.name === name) !== index,
  );
  if (clash !== undefined) {
    const message = `expected a name of its own for each metric; "${clash.name}" is taken`;
    throw new ConfigError([{ file: shown, message }]);
  }
  const selected = selectMetrics(
    names.filter((name) => !isFile(name)),
    custom,
  );
  if ("unknown" in selected) {
    throw new ConfigError(
      selected.unknown.map((name) => ({ file: shown, message: `unknown metric ${name}` })),
    );
  }
  const set = selected.set.metrics.length > 0 ? selected.set : defaultMetricSet;
  return { set, custom, stored: storedMetrics(set, custom) };
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
  const chosen = [...metrics, ...custom].filter((metric) => wanted.has(metric.name));
  const own = custom.filter((metric) => wanted.has(metric.name));
  const set = metricSetOf(chosen);
  return { set, custom: own, stored: storedMetrics(set, own) };
}

function isFile(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name);
}

/** Loads a metric file; TypeScript is stripped of its types, not checked. */
async function loadCustomMetric(file: string, workingDirectory: string): Promise<CaseMetric> {
  const shown = shownPath(file, workingDirectory);
  const { createJiti } = await import("jiti");
  let loaded: unknown;
  try {
    loaded = await createJiti(import.meta.url, { moduleCache: false }).import(file, { default: true });
  } catch (error) {
    const message = `cannot be loaded as a metric: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigError([{ file: shown, message }], { cause: error });
  }
  const made = customMetric(loaded);
  if ("problems" in made) {
    throw new ConfigError(
      made.problems.map((message) => ({ file: shown, message })),
      { nextStep: "docs/metrics-of-your-own.md shows a whole file" },
    );
  }
  return made.metric;
}
