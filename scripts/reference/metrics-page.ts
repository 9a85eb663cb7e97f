import type { MetricDefinition } from "../../src/report/metric-definition.js";
import { definitionRows, metricFactsLine } from "../../src/report/metric-list.js";

const INTRODUCTION = `# Metrics

This page is made from the registry, \`src/metrics/registry.ts\`: do not edit it, run \`npm run reference\`.
\`agentctl metrics show NAME\` prints the same.

Names are written in gates.yaml as they stand here. A metric *per case* scores every trial; its estimate over a run is
the mean (or, for counts of events, the sum) of those scores. A metric *per run* is computed from all trials at once.
Every run has the metrics *by default*; those *on request* are scored where \`metrics\` of agentctl.yaml, a rule of
gates.yaml or [\`agentctl score\`](score.md) names them. You can add [metrics of your own](metrics-of-your-own.md).

A trial to which a metric does not apply has no score and says why. It is left out of the mean and counted, and it is
never taken for 0. A metric without any score has no value, and a gate on it is inconclusive. How intervals are
computed: [gates](gates.md#intervals).
`;

/** The reference page of the metrics, as Markdown, in the order given. */
export function metricsPage(metrics: readonly MetricDefinition[]): string {
  const layers = [...new Set(metrics.map((metric) => metric.layer))];
  const sections = layers.map((layer) => {
    const own = metrics.filter((metric) => metric.layer === layer);
    return [`## ${layer}`, ...own.map(metricEntry)].join("\n\n");
  });
  return `${[INTRODUCTION.trimEnd(), ...sections].join("\n\n")}\n`;
}

function metricEntry(metric: MetricDefinition): string {
  return [
    `### ${metric.name}`,
    "",
    metric.description,
    "",
    `- ${metricFactsLine(metric)}`,
    ...definitionRows(metric).map(([label, text]) => `- ${label}: ${text}`),
  ].join("\n");
}
