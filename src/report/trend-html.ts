import { formatAmount } from "../comparison/sentences.js";
import { escapeHtml } from "./escape-html.js";
import { formatLevel, shortHash } from "./format.js";
import { type PageParts, staticPage } from "./html/html-page.js";
import { PAGE_STYLE } from "./html/html-style.js";
import { figure } from "./plots/plot-keys.js";
import { PLOT_STYLE } from "./plots/plot-style.js";
import { tickFormat } from "./plots/tick-format.js";
import { type TrendMark, trendChart } from "./plots/trend-chart.js";
import type { TrendPoint, TrendReport, TrendSeries } from "./trend-report.js";
import { gateText, missesGate } from "./trend-text.js";

const STYLE = ".trend td{padding:5px 10px}.wide{overflow-x:auto}.wide table{min-width:720px}";

/** The trend as one HTML page with its charts inline: no script, no network. */
export function renderTrendHtml(report: TrendReport): string {
  const { title, style, main } = trendParts(report, escapeHtml);
  return staticPage(title, style, ["<nav><b>agentctl runs trend</b></nav>", ...main]);
}

/**
 * The parts of that page.
 *
 * @param runHtml - how the id of a run is shown, as HTML
 */
export function trendParts(
  report: TrendReport,
  runHtml: (runId: string) => string,
): Pick<PageParts, "title" | "style" | "main"> {
  const { metric, suite, description, direction, runs } = report;
  const better = direction === "higher" ? "Higher" : "Lower";
  const main = [
    `<section class="banner none"><div><p class="eyebrow">suite ${escapeHtml(suite)} · ${runs.length} runs</p><h1>${escapeHtml(metric)}</h1></div><p>${escapeHtml(description)} ${better} is better.</p></section>`,
    ...report.series.map((series) => seriesHtml(report, series)),
    ...report.series.slice(0, 1).map((series) => tableHtml(report, series, runHtml)),
  ];
  return { title: `${metric} · ${suite}`, style: `${PAGE_STYLE}${PLOT_STYLE}${STYLE}`, main };
}

function seriesHtml(report: TrendReport, { by, slice, points }: TrendSeries): string {
  const { unit, level, gate, runs, metric } = report;
  const name = by === null ? "All cases" : `${by} ${slice}`;
  const marks = runs.map((run, index): TrendMark => {
    const point = points[index] as TrendPoint;
    return {
      label: `${shortTime(run.createdAt)}: run ${run.runId}, ${amount(point.value, report)}`,
      value: point.value,
      lower: point.lower,
      upper: point.upper,
      begins: run.isNewAgent || index === 0 ? `@${shortHash(run.agentVersion)}` : null,
      isBaseline: report.baseline?.runId === run.runId,
    };
  });
  const limits =
    gate === null || by !== null
      ? []
      : [
          ...(gate.min === null ? [] : [{ value: gate.min, label: `min ${formatAmount(gate.min, unit)}` }]),
          ...(gate.max === null ? [] : [{ value: gate.max, label: `max ${formatAmount(gate.max, unit)}` }]),
        ];
  const most = Math.max(0, ...points.map(({ value }) => value ?? 0));
  const gateHint = gate === null || by !== null ? "" : ` Dashed: the gate, ${gateText(gate, report)}.`;
  return figure(
    name,
    `Oldest run to the left; bars are ${formatLevel(level)} intervals; dotted lines mark a new agent version.${gateHint}`,
    trendChart(marks, {
      title: `${metric}, ${name}`,
      description: marks.map(({ label }) => label).join("; "),
      formatY: tickFormat(unit, most),
      limits,
      mostY: unit === "proportion" ? 1 : null,
    }),
  );
}

function tableHtml(report: TrendReport, { points }: TrendSeries, runHtml: (runId: string) => string): string {
  const rows = report.runs.map((run, index) => {
    const point = points[index] as TrendPoint;
    const notes = [
      ...(run.isNewAgent ? ["new agent version"] : []),
      ...(run.isNewDataset ? ["new dataset"] : []),
      ...(report.baseline?.runId === run.runId ? [`baseline ${report.baseline.tag}`] : []),
      ...(report.gate !== null && missesGate(point, report.gate) ? ["misses the gate"] : []),
      ...(point.value === null ? [point.reason ?? "no value"] : []),
    ];
    const limits =
      point.lower === null && point.upper === null
        ? ""
        : `${amount(point.lower, report)} to ${amount(point.upper, report)}`;
    return `<tr><td><code>${runHtml(run.runId)}</code></td><td>${escapeHtml(run.agentName)}@${escapeHtml(shortHash(run.agentVersion))}</td><td class="num">${amount(point.value, report)}</td><td>${limits}</td><td class="num">${point.n}</td><td>${escapeHtml(point.method)}</td><td>${escapeHtml(notes.join(", "))}</td></tr>`;
  });
  return `<h2>Runs</h2><div class="wide"><table class="trend"><thead><tr><th scope="col">run</th><th scope="col">agent</th><th scope="col" class="num">value</th><th scope="col">${formatLevel(report.level)} interval</th><th scope="col" class="num">n</th><th scope="col">method</th><th scope="col"></th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function amount(value: number | null, { unit }: TrendReport): string {
  return value === null ? "none" : formatAmount(value, unit);
}

/** `11-21 06:55`, in UTC. */
function shortTime(createdAt: string): string {
  return createdAt.slice(5, 16).replace("T", " ");
}
