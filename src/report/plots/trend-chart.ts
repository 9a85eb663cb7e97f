import { scaleLinear } from "d3-scale";
import { cutMiddle } from "../cut-middle.js";
import { svgElement, svgLine, svgMark, svgPicture, svgText } from "./svg.js";

/** One run: a measured value with its interval, or a gap. */
export interface TrendMark {
  readonly label: string;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Name of the agent version that begins here, or `null`. */
  readonly begins: string | null;
  readonly isBaseline: boolean;
}

export interface TrendChartOptions {
  readonly title: string;
  readonly description: string;
  readonly formatY: (value: number) => string;
  /** Lines across, e.g. of a gate. */
  readonly limits: readonly { readonly value: number; readonly label: string }[];
  /** Value that the chart never goes beyond, e.g. 1 for a rate. */
  readonly mostY: number | null;
}

const WIDTH = 960;
const HEIGHT = 360;
const LEFT = 76;
const RIGHT = 96;
const TOP = 46;
const BOTTOM = 60;
/** Pixels that the name of an agent version needs. */
const NAME_WIDTH = 90;
const MOST_LABELS = 8;
/** Runs from which dots would cover each other. */
const MOST_LARGE_DOTS = 60;

/** A metric over runs, oldest to the left; a run without a value breaks the line. */
export function trendChart(marks: readonly TrendMark[], options: TrendChartOptions): string {
  const { title, description, formatY, limits, mostY } = options;
  const ends = marks.flatMap(({ value, lower, upper }) =>
    value === null ? [] : [value, lower ?? value, upper ?? value],
  );
  const all = [...ends, ...limits.map(({ value }) => value)];
  const [least, most] = all.length === 0 ? [0, 1] : [Math.min(...all), Math.max(...all)];
  const padding = (most - least) * 0.08 || Math.abs(most) * 0.1 || 0.1;
  const bottom = least >= 0 ? Math.max(0, least - padding) : least - padding;
  const top = mostY === null ? most + padding : Math.min(mostY, most + padding);
  const y = scaleLinear()
    .domain([bottom, top])
    .range([HEIGHT - BOTTOM, TOP]);
  const x = scaleLinear()
    .domain([0, Math.max(1, marks.length - 1)])
    .range([LEFT + 16, WIDTH - RIGHT - 16]);
  const size = marks.length > MOST_LARGE_DOTS ? 2 : 4;
  const at = (index: number) => (marks.length === 1 ? (LEFT + WIDTH - RIGHT) / 2 : x(index));
  return svgPicture(
    { width: WIDTH, height: HEIGHT, title, description },
    ...y
      .ticks(6)
      .flatMap((tick) => [
        svgLine(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid"),
        svgText(LEFT - 8, y(tick) + 4, formatY(tick), { class: "tick-label", "text-anchor": "end" }),
      ]),
    ...limits.flatMap(({ value, label }) => [
      svgLine(LEFT, y(value), WIDTH - RIGHT, y(value), "gate-line"),
      svgText(WIDTH - RIGHT + 6, y(value) + 4, label, { class: "gate-label" }),
    ]),
    versionMarks(marks, at),
    svgElement("path", { class: "trend-line", d: linePath(marks, at, y) || "M0,0" }),
    ...marks.map((mark, index) => markOf(mark, at(index), y, size)),
    runLabels(marks, at),
  );
}

function versionMarks(marks: readonly TrendMark[], at: (index: number) => number): string {
  let free = Number.NEGATIVE_INFINITY;
  return marks
    .map(({ begins }, index) => {
      if (begins === null) return "";
      const place = at(index);
      const line = svgLine(place, TOP - 14, place, HEIGHT - BOTTOM, "version");
      if (place < free) return line;
      free = place + NAME_WIDTH;
      return line + svgText(place + 3, TOP - 18, cutMiddle(begins, 13), { class: "version-label" });
    })
    .join("");
}

/** The line is broken where a run has no value. */
function linePath(
  marks: readonly TrendMark[],
  at: (index: number) => number,
  y: (value: number) => number,
): string {
  let isDrawing = false;
  return marks
    .map(({ value }, index) => {
      const command = isDrawing ? "L" : "M";
      isDrawing = value !== null;
      return value === null ? "" : `${command}${at(index).toFixed(1)},${y(value).toFixed(1)}`;
    })
    .join("");
}

function markOf(mark: TrendMark, place: number, y: (value: number) => number, size: number): string {
  const { value, lower, upper, isBaseline, label } = mark;
  if (value === null) {
    return svgText(place, HEIGHT - BOTTOM - 6, "no value", {
      class: "gap",
      transform: `rotate(-90 ${place.toFixed(1)} ${HEIGHT - BOTTOM - 6})`,
    });
  }
  const interval =
    lower === null || upper === null ? "" : svgLine(place, y(lower), place, y(upper), "error-bar run-1");
  const dot = svgMark(isBaseline ? 3 : 1, place, y(value), isBaseline ? 7 : size);
  const name = isBaseline ? svgText(place + 10, y(value) - 8, "baseline", { class: "point-label" }) : "";
  return svgElement(
    "g",
    {},
    svgElement("title", {}, cutMiddle(label, 80).replace(/[<>&]/g, "")),
    interval,
    dot,
    name,
  );
}

function runLabels(marks: readonly TrendMark[], at: (index: number) => number): string {
  const step = Math.max(1, Math.ceil(marks.length / MOST_LABELS));
  return marks
    .map(({ label }, index) =>
      index % step === 0
        ? svgText(
            at(index),
            HEIGHT - BOTTOM + 18 + (Math.floor(index / step) % 2) * 16,
            label.split(": ")[0] ?? "",
            {
              class: "tick-label",
              "text-anchor": "middle",
            },
          )
        : "",
    )
    .join("");
}
