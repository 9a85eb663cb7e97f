import { UsageError } from "../../core/errors.js";
import { didYouMean } from "../../core/nearest.js";
import type { MetricLayer } from "../../core/score.js";
import { judgeMetrics } from "../../judge/claim-metrics.js";
import { defaultMetrics, metrics } from "../../metrics/registry.js";
import { definitionOf, type MetricDefinition } from "../../report/metric-definition.js";
import { findProjectFile } from "../project/find-project-file.js";
import { loadProject } from "../project/load-project.js";
import { projectMetrics } from "./load-metrics.js";

/** The metrics that agentctl defines, and those that a judge gives. */
export function definedByAgentctl(): readonly MetricDefinition[] {
  return [
    ...metrics.map((metric) =>
      definitionOf(metric, defaultMetrics.includes(metric) ? "default" : "on-request"),
    ),
    ...judgeMetrics.map((metric) => definitionOf(metric, "judge")),
  ];
}

/**
 * Every metric that there is here: those of agentctl, of judges, and of the project when there is one.
 *
 * @param configFile - project file; default: agentctl.yaml here or above, when there is one
 * @throws {ConfigError} for a metric file of the project that holds no metric
 */
export async function listMetrics(
  configFile: string | undefined,
  workingDirectory: string,
): Promise<readonly MetricDefinition[]> {
  const hasProject = configFile !== undefined || findProjectFile(workingDirectory) !== null;
  const own = hasProject
    ? await projectMetrics(loadProject(configFile, workingDirectory), workingDirectory)
    : [];
  return [...definedByAgentctl(), ...own.map((metric) => definitionOf(metric, "own"))];
}

/** Those of one layer; all without one. */
export function metricsOfLayer(
  definitions: readonly MetricDefinition[],
  layer: MetricLayer | undefined,
): readonly MetricDefinition[] {
  return definitions.filter((metric) => layer === undefined || metric.layer === layer);
}

/** @throws {UsageError} naming the nearest metric when there is none of that name */
export function metricNamed(definitions: readonly MetricDefinition[], name: string): MetricDefinition {
  const found = definitions.find((metric) => metric.name === name);
  if (found !== undefined) return found;
  const hint = didYouMean(
    name,
    definitions.map((metric) => metric.name),
  );
  throw new UsageError(`found no metric ${JSON.stringify(name)}${hint}`, {
    nextStep: "`agentctl metrics` lists them",
  });
}
