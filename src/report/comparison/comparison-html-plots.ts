import type {
  CandidateComparison,
  Difference,
  DistributionComparison,
  MetricComparison,
} from "../../comparison/comparison.js";
import { formatAmount } from "../../comparison/sentences.js";
import type { Direction, Estimate, MetricUnit } from "../../core/score.js";
import { escapeHtml } from "../escape-html.js";
import { ecdfPlot } from "../plots/ecdf-plot.js";
import { type ForestRow, forestPlot } from "../plots/forest-plot.js";
import { figure, plotKeys } from "../plots/plot-keys.js";
import { type ScatterPoint, scatterPlot } from "../plots/scatter-plot.js";
import { tickFormat } from "../plots/tick-format.js";
import type { ComparisonReport } from "./comparison-report.js";
import { agentText, amountText, changeText, limitsText, primaryOf } from "./comparison-words.js";

/** Metrics whose units can stand on one scale. */
const PANELS: readonly {
  readonly title: string;
  readonly units: readonly MetricUnit[];
}[] = [
  { title: "Rates and shares", units: ["proportion"] },
  { title: "Scores", units: ["score"] },
  { title: "Ratings", units: ["rating"] },
  { title: "Time", units: ["ms"] },
  { title: "Cost", units: ["usd"] },
  { title: "Tokens", units: ["tokens"] },
  { title: "Counts", units: ["count"] },
];

/** Differences of all metrics: rates in points, all others as a share of the baseline, so that they fit one scale. */
export function metricPlots({ metrics }: CandidateComparison): string {
  return PANELS.map(({ title, units }) => {
    const own = metrics.filter((metric) => units.includes(metric.unit));
    const isRate = units.includes("proportion");
    const rows = own.flatMap((metric) => {
      const scale = isRate ? 1 : shareOf(metric);
      return scale === null ? [] : rowsOf(metric.metric, metric.difference, metric, scale);
    });
    if (rows.length === 0) return "";
    const axis = isRate
      ? "difference in points, turned so that right is better"
      : "change in % of the baseline, turned so that right is better";
    const hint = `A square is the measured difference, the line its interval. Where the line crosses zero, the data allow no difference.`;
    return figure(
      title,
      hint,
      forestPlot(rows, {
        title: `Differences: ${title}`,
        axis,
        formatTick: (tick) => percentTick(tick, isRate),
      }),
    );
  }).join("\n");
}

function rowsOf(
  label: string,
  difference: Difference,
  { unit, direction, verdict }: Pick<MetricComparison, "unit" | "direction" | "verdict">,
  scale: number,
): ForestRow[] {
  const { value, lower, upper } = difference;
  if (value === null) return [];
  const turn = (limit: number) => (direction === "higher" ? limit : -limit) * scale;
  const ends = lower === null || upper === null ? null : [turn(lower), turn(upper)].sort((a, b) => a - b);
  return [
    {
      label,
      note: limitsText(difference, unit) || `${changeText(value, unit)}, no interval`,
      value: turn(value),
      lower: ends?.[0] ?? null,
      upper: ends?.[1] ?? null,
      tone: verdict === "worse" || verdict === "better" ? verdict : "none",
    },
  ];
}

/** Factor that makes a difference a share of the baseline; `null` when there is none. */
function shareOf({ baseline, difference }: MetricComparison): number | null {
  const { value, relative } = difference;
  if (value !== null && value !== 0 && relative !== null && relative !== 0) return Math.abs(relative / value);
  return baseline.value === null || baseline.value === 0 ? null : Math.abs(1 / baseline.value);
}

function percentTick(tick: number, isRate: boolean): string {
  const size = Number(Math.abs(tick * 100).toPrecision(4));
  const sign = tick === 0 ? "" : tick < 0 ? "−" : "+";
  return `${sign}${size}${isRate ? "" : " %"}`;
}

/** The primary metric on each slice. */
export function slicePlot(found: CandidateComparison): string {
  const primary = primaryOf(found);
  if (primary === undefined) return "";
  const { unit, direction } = primary;
  const rows = found.slices.flatMap(({ by, slice, difference, verdict }) =>
    rowsOf(`${by} ${slice} (n ${difference.n})`, difference, { unit, direction, verdict }, 1),
  );
  if (rows.length === 0) return "";
  const all = rowsOf(`all (n ${primary.difference.n})`, primary.difference, primary, 1);
  const isRate = unit === "proportion";
  return figure(
    `${primary.metric} by slice`,
    "Colour and verdict hold after Holm’s adjustment over all slices.",
    forestPlot([...all, ...rows], {
      title: `${primary.metric} by slice`,
      axis: `difference${isRate ? " in points" : ""}, turned so that right is better`,
      formatTick: (tick) => (isRate ? percentTick(tick, true) : formatAmount(tick, unit)),
    }),
  );
}

/** All runs in one picture: quality against cost, and the distributions of time, cost and tokens. */
export function runPlots(report: ComparisonReport): string {
  const labels = [
    `baseline: ${agentText(report.baseline)}`,
    ...report.candidates.map(
      ({ candidate }, index) =>
        `candidate${report.candidates.length > 1 ? ` ${index + 1}` : ""}: ${agentText(candidate)}`,
    ),
  ];
  const names = [...new Set(report.candidates.flatMap((one) => one.distributions.map(({ name }) => name)))];
  return [
    plotKeys(labels),
    qualityPlot(report, labels),
    ...names.map((name) => distributionPlot(report, name, labels)),
  ].join("\n");
}

function distributionPlot(report: ComparisonReport, name: string, labels: readonly string[]): string {
  const found = report.candidates.map((one) => one.distributions.find((other) => other.name === name));
  const first = found.find((one) => one !== undefined);
  if (first === undefined) return "";
  const series = [first.baseline, ...found.map((one) => one?.candidate)].map((one, index) => ({
    label: labels[index] ?? "",
    points: one?.points ?? [],
  }));
  const p95 = (one: DistributionComparison["baseline"] | undefined) =>
    amountText(one?.quantiles.find(({ q }) => q === 0.95)?.value ?? null, first.unit);
  const sides = [first.baseline, ...found.map((one) => one?.candidate)];
  const words = sides.map((one, index) => `${labels[index]}: p95 ${p95(one)}`).join("; ");
  return figure(
    capital(first.label),
    "Share of measurements up to a value: a line further to the right took more. Marks stand at the median and at 95 %.",
    ecdfPlot(series, {
      title: `Distribution: ${first.label}`,
      description: words,
      xLabel: first.label,
      formatX: tickFormat(first.unit, Math.max(...series.flatMap(({ points }) => points.at(-1) ?? 0))),
    }),
  );
}

const COSTS = ["cost.per_trial_usd", "cost.per_success_usd"] as const;
const TIMES = ["latency.p50_ms", "latency.mean_ms"] as const;

/** Quality against cost; where fewer than two runs have a known cost, against time. */
function qualityPlot(report: ComparisonReport, labels: readonly string[]): string {
  const primary = report.candidates.map(primaryOf)[0];
  if (primary === undefined) return "";
  for (const name of [...COSTS, ...TIMES]) {
    const points = pointsOf(report, primary.metric, name, labels);
    if (points.length < 2 || points.every((point) => point.x.value === 0)) continue;
    const isCost = name.startsWith("cost");
    const left = labels.length - points.length;
    const fallback = isCost
      ? ""
      : "Fewer than two runs have a known cost that is not 0: time stands in its place. ";
    const missing =
      left === 0 ? "" : `${left === 1 ? "1 run has" : `${left} runs have`} no ${name} and is left out. `;
    const x = { unit: isCost ? ("usd" as const) : ("ms" as const), name };
    return figure(
      isCost ? "Quality and cost" : "Quality and time",
      `${fallback}${missing}Bars are the intervals of each run. ${sideWords(primary.direction)} is better.`,
      scatterPlot(points, {
        title: `${primary.metric} against ${name}`,
        description: points
          .map(
            (point) =>
              `${point.label}: ${formatAmount(point.y.value, primary.unit)} at ${formatAmount(point.x.value, x.unit)}`,
          )
          .join("; "),
        xLabel: name,
        yLabel: primary.metric,
        formatX: tickFormat(x.unit, Math.max(...points.map((point) => point.x.value))),
        formatY: tickFormat(primary.unit, Math.max(...points.map((point) => point.y.value))),
        mostY: primary.unit === "proportion" ? 1 : null,
      }),
    );
  }
  return `<p class="hint">No picture of quality and cost: <code>${escapeHtml(primary.metric)}</code> and a cost or time are known of fewer than two runs.</p>`;
}

function sideWords(direction: Direction): string {
  return direction === "higher" ? "Up and to the left" : "Down and to the left";
}

function pointsOf(
  report: ComparisonReport,
  quality: string,
  cost: string,
  labels: readonly string[],
): ScatterPoint[] {
  const estimatesOf = (name: string): readonly (Estimate | undefined)[] => {
    const found = report.candidates.map(({ metrics }) => metrics.find((one) => one.metric === name));
    return [found.find((one) => one !== undefined)?.baseline, ...found.map((one) => one?.candidate)];
  };
  const [xs, ys] = [estimatesOf(cost), estimatesOf(quality)];
  return labels.flatMap((label, index): ScatterPoint[] => {
    const [x, y] = [xs[index], ys[index]];
    if (x === undefined || y === undefined || x.value === null || y.value === null) return [];
    return [
      {
        label: label.replace(/^[^:]*: /, ""),
        index,
        x: { value: x.value, lower: x.lower, upper: x.upper },
        y: { value: y.value, lower: y.lower, upper: y.upper },
      },
    ];
  });
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
