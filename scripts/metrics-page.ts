import type { Metric } from "../src/metrics/metric.js";

const INTRODUCTION = `# Metrics

This page is made from the registry, \`src/metrics/registry.ts\`: do not edit it, run
\`npx tsx scripts/generate-docs.ts\`. \`agentctl metrics\` prints the same.

Names are written in gates.yaml as they stand here. A metric *per case* scores every trial; its estimate over a run is
the mean (or, for counts of events, the sum) of those scores. A metric *per run* is computed from all trials at once.

A trial to which a metric does not apply has no score and says why. It is left out of the mean and counted, and it is
never taken for 0. A metric without any score has no value, and a gate on it is inconclusive. How intervals are
computed: [gates](gates.md#intervals).
`;

/** The reference page of the metrics, as Markdown, in the order given. */
export function metricsPage(metrics: readonly Metric[]): string {
  const layers = [...new Set(metrics.map((metric) => metric.layer))];
  const sections = layers.map((layer) => {
    const own = metrics.filter((metric) => metric.layer === layer);
    return [`## ${layer}`, ...own.map(metricEntry)].join("\n\n");
  });
  return `${[INTRODUCTION.trimEnd(), ...sections].join("\n\n")}\n`;
}

function metricEntry(metric: Metric): string {
  const needs = metric.needs.length === 0 ? "nothing beside a trial" : metric.needs.join(", ");
  return [
    `### ${metric.name}`,
    "",
    metric.description,
    "",
    `- ${metric.unit}, ${metric.direction} is better, per ${metric.level}`,
    `- needs ${needs}`,
    `- source: ${metric.source}`,
  ].join("\n");
}
