import { renderDocument } from "./json-document.js";
import type { MetricDefinition } from "./metric-definition.js";
import { type Paint, painter, type TextStyle, widthOf, wrap } from "./text-style.js";

/** When a run has a metric, in words. */
const GIVEN: { readonly [Given in MetricDefinition["given"]]: string } = {
  default: "by default",
  "on-request": "on request",
  own: "the project's own",
  judge: "by a judge",
};

/** What there is to know of the metrics, as one JSON document. */
export function renderMetricListJson(metrics: readonly MetricDefinition[]): string {
  return renderDocument("metric-list", { metrics });
}

/** The metrics by layer, each with one sentence. */
export function renderMetricList(metrics: readonly MetricDefinition[], style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style) - 4;
  const lines: string[] = [];
  for (const layer of new Set(metrics.map((metric) => metric.layer))) {
    lines.push(paint(layer, "bold"));
    for (const metric of metrics.filter((one) => one.layer === layer)) {
      lines.push(`  ${paint(metric.name, "cyan")}  ${paint(metricFactsLine(metric), "dim")}`);
      lines.push(...wrap(metric.description, width).map((line) => `    ${line}`));
    }
    lines.push("");
  }
  const count = metrics.filter(({ given }) => given === "default").length;
  lines.push(
    ...wrap(
      `${metrics.length} metrics, ${count} by default. One on request is scored where \`metrics\` of agentctl.yaml, gates.yaml or \`agentctl score --metrics\` names it. \`agentctl metrics show NAME\` prints the whole definition.`,
      width + 4,
    ),
  );
  return lines.join("\n");
}

/** In one line: when a run has it, unit, direction, level. */
export function metricFactsLine({ given, unit, direction, level }: MetricDefinition): string {
  return `${GIVEN[given]}, ${unit}, ${direction} is better, per ${level}`;
}

/** One metric as one JSON document. */
export function renderMetricJson(metric: MetricDefinition): string {
  return renderDocument("metric", metric);
}

const LABEL = 20;

/** The whole definition of one metric. */
export function renderMetric(metric: MetricDefinition, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  return [
    `${paint(metric.name, "bold")}  ${paint(`${metric.layer}, ${metricFactsLine(metric)}`, "dim")}`,
    ...wrap(metric.description, width),
    "",
    ...definitionRows(metric).flatMap(([label, text]) => row(label, text, width, paint)),
  ].join("\n");
}

/** Labels and texts of what a definition says beside its description. */
export function definitionRows(metric: MetricDefinition): readonly (readonly [string, string])[] {
  const { empty, refusal, unsupportedClaim } = metric.rules;
  return [
    ["range", metric.range],
    ["needs", metric.needs.length === 0 ? "nothing beside a trial" : metric.needs.join(", ")],
    ["empty", empty],
    ["refusal", refusal ?? "makes no difference"],
    ["unsupported claim", unsupportedClaim ?? "it reads no claims"],
    ["agrees with", metric.agreesWith],
    ["source", metric.source],
    ["interval", metric.interval],
  ];
}

function row(label: string, text: string, width: number, paint: Paint): readonly string[] {
  return wrap(text, width - LABEL).map(
    (line, index) => `${paint((index === 0 ? label : "").padEnd(LABEL), "dim")}${line}`,
  );
}
