import type { Metric } from "../metrics/metric.js";
import { type DocumentBodies, renderDocument } from "./json-document.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";

type MetricFacts = DocumentBodies["metric-list"]["metrics"][number];

/** What there is to know of the metrics, as one JSON document. */
export function renderMetricListJson(metrics: readonly Metric[]): string {
  const listed = metrics.map(
    ({
      name,
      layer,
      level,
      unit,
      direction,
      description,
      needs,
      source,
      range,
      rules,
      agreesWith,
    }): MetricFacts => ({
      name,
      layer,
      level,
      unit,
      direction,
      description,
      needs,
      source,
      range,
      rules,
      agreesWith,
    }),
  );
  return renderDocument("metric-list", { metrics: listed });
}

/** The metrics by layer, in the order given. */
export function renderMetricList(metrics: readonly Metric[], style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style) - 4;
  const lines: string[] = [];
  for (const layer of new Set(metrics.map((metric) => metric.layer))) {
    lines.push(paint(layer, "bold"));
    for (const metric of metrics.filter((one) => one.layer === layer)) {
      const facts = `${metric.unit}, ${metric.direction} is better, per ${metric.level}`;
      lines.push(`  ${paint(metric.name, "cyan")}  ${paint(facts, "dim")}`);
      const text = [
        metric.description,
        metric.needs.length === 0 ? "" : `Needs ${metric.needs.join(", ")}.`,
        `Source: ${metric.source}`,
      ];
      for (const part of text) lines.push(...wrap(part, width).map((line) => `    ${line}`));
    }
    lines.push("");
  }
  return lines.join("\n").trimEnd();
}
