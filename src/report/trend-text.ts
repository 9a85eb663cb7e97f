import { formatAmount } from "../comparison/sentences.js";
import { formatLevel, shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";
import { sparkline } from "./sparkline.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";
import type { TrendGate, TrendPoint, TrendReport, TrendSeries } from "./trend-report.js";

/** The trend as a sparkline, then a row for each run. */
export function renderTrend(report: TrendReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const [whole, ...slices] = report.series;
  const head = `${paint(report.metric, "bold")} · suite ${oneLine(report.suite, 40)} · ${runsText(report.runs.length)}, oldest first`;
  if (whole === undefined) return head;
  return [
    head,
    ...wrap(
      `${report.description} ${report.direction === "higher" ? "Higher" : "Lower"} is better.`,
      width,
    ).map((line) => paint(line, "dim")),
    "",
    sparkLine(report, whole, width),
    ...(report.gate === null ? [] : [gateLine(report, report.gate, whole)]),
    ...baselineLines(report, whole),
    "",
    ...runTable(report, whole, width).map((line, index) => (index === 0 ? paint(line, "dim") : line)),
    ...(slices.length === 0 ? [] : ["", ...sliceLines(report, slices, width)]),
  ].join("\n");
}

function runsText(count: number): string {
  return count === 1 ? "1 run" : `${count} runs`;
}

function sparkLine(report: TrendReport, { points }: TrendSeries, width: number): string {
  const room = Math.max(10, width - 50);
  const shown = points.slice(-room).map(({ value }) => value);
  const line = sparkline(shown, room);
  const known = shown.filter((value) => value !== null);
  if (known.length === 0) return `${line}  no run has a value`;
  const [least, most] = [Math.min(...known), Math.max(...known)].map((value) =>
    formatAmount(value, report.unit),
  );
  const cut = shown.length < points.length ? ` (the last ${shown.length} runs)` : "";
  return `${line}  ${least === most ? least : `${least} to ${most}`}${cut}`;
}

function gateLine(report: TrendReport, gate: TrendGate, { points }: TrendSeries): string {
  const missed = points.filter((point) => missesGate(point, gate)).length;
  const of = gate.bound === "estimate" ? "" : ` (${gate.bound} bound)`;
  return `gate: ${gateText(gate, report)}${of}; ${missed === 0 ? "no run misses it" : `${runsText(missed)} ${missed === 1 ? "misses" : "miss"} it`}`;
}

/** `at least 85.0 %`, `at least 1 and at most 2`. */
export function gateText({ min, max }: TrendGate, { unit }: Pick<TrendReport, "unit">): string {
  return [
    ...(min === null ? [] : [`at least ${formatAmount(min, unit)}`]),
    ...(max === null ? [] : [`at most ${formatAmount(max, unit)}`]),
  ].join(" and ");
}

/** Whether a known value lies on the wrong side; a gap misses nothing here. */
export function missesGate(point: TrendPoint, { min, max, bound }: TrendGate): boolean {
  const measured = bound === "estimate" ? point.value : point[bound];
  if (measured === null) return false;
  return (min !== null && measured < min) || (max !== null && measured > max);
}

function baselineLines(report: TrendReport, { points }: TrendSeries): string[] {
  if (report.baseline === null) return [];
  const { tag, runId } = report.baseline;
  const value = points.find((point) => point.runId === runId)?.value ?? null;
  return [`baseline ${tag}: run ${runId}, ${value === null ? "no value" : formatAmount(value, report.unit)}`];
}

function runTable(report: TrendReport, { points }: TrendSeries, width: number): string[] {
  const isWide = width >= 100;
  const table = textTable(
    [
      { title: "run" },
      { title: "agent" },
      { title: "value", align: "right" },
      { title: `${formatLevel(report.level)} interval` },
      { title: "n", align: "right" },
      { title: isWide ? "method" : "" },
    ],
    report.runs.map((run, index) => {
      const point = points[index] as TrendPoint;
      return [
        run.runId,
        `${oneLine(run.agentName, isWide ? 24 : 12)}@${shortHash(run.agentVersion)}`,
        point.value === null ? "none" : formatAmount(point.value, report.unit),
        intervalText(point, report),
        String(point.n),
        isWide && point.value !== null ? point.method : "",
      ];
    }),
  );
  const tableWidth = Math.max(...table.map((line) => line.length));
  return table.flatMap((line, index) => {
    const point = points[index - 1];
    const notes = point === undefined ? "" : marksOf(report, index - 1, point).join(", ");
    if (notes === "") return [line];
    const isBeside = isWide && tableWidth + 2 + notes.length <= width;
    return isBeside ? [`${line.padEnd(tableWidth)}  ${notes}`] : [line, `    ${oneLine(notes, width - 4)}`];
  });
}

function marksOf(report: TrendReport, index: number, point: TrendPoint): string[] {
  const run = report.runs[index];
  if (run === undefined) return [];
  return [
    ...(run.isNewAgent ? ["new agent version"] : []),
    ...(run.isNewDataset ? ["new dataset"] : []),
    ...(report.baseline?.runId === run.runId ? ["baseline"] : []),
    ...(report.gate !== null && missesGate(point, report.gate) ? ["misses the gate"] : []),
    ...(run.status === "complete" ? [] : [run.status]),
    ...(point.value === null ? [point.reason ?? "no value"] : []),
  ];
}

function intervalText({ lower, upper }: TrendPoint, { unit }: TrendReport): string {
  if (lower === null && upper === null) return "";
  const side = (limit: number | null) => (limit === null ? "none" : formatAmount(limit, unit));
  return `${side(lower)} to ${side(upper)}`;
}

function sliceLines(report: TrendReport, slices: readonly TrendSeries[], width: number): string[] {
  const most = Math.max(10, Math.min(report.runs.length, width - 64));
  return textTable(
    [
      { title: "slice" },
      { title: "trend" },
      { title: "first", align: "right" },
      { title: "last", align: "right" },
      { title: "n last", align: "right" },
    ],
    slices.map(({ by, slice, points }) => {
      const known = points.filter((point) => point.value !== null);
      const text = (point: TrendPoint | undefined) =>
        point?.value == null ? "none" : formatAmount(point.value, report.unit);
      return [
        oneLine(`${by} ${slice}`, 30),
        sparkline(
          points.map(({ value }) => value),
          most,
        ),
        text(known[0]),
        text(points.at(-1)),
        String(points.at(-1)?.n ?? 0),
      ];
    }),
  );
}
