import { scaleLinear } from "d3-scale";
import { cutMiddle } from "../cut-middle.js";
import type { PlotWords } from "./ecdf-plot.js";
import { svgElement, svgLine, svgMark, svgPicture, svgText } from "./svg.js";

/** A measured value with its interval. */
interface Measure {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface ScatterPoint {
  readonly label: string;
  /** Place among the runs: it decides shape and colour. */
  readonly index: number;
  readonly x: Measure;
  readonly y: Measure;
}

export interface ScatterWords extends PlotWords {
  readonly yLabel: string;
  readonly formatY: (value: number) => string;
  /** Largest possible y, e.g. 1 for a rate. */
  readonly mostY: number | null;
}

const WIDTH = 960;
const HEIGHT = 380;
const LEFT = 76;
const RIGHT = 40;
const TOP = 46;
const BOTTOM = 52;
const MOST_LABEL_CHARACTERS = 30;

/** Each run as a point with its interval both ways; up and to the left is better. */
export function scatterPlot(points: readonly ScatterPoint[], words: ScatterWords): string {
  const ends = (measures: readonly Measure[]) =>
    measures.flatMap(({ value, lower, upper }) => [value, lower ?? value, upper ?? value]);
  const xs = ends(points.map((point) => point.x));
  const ys = ends(points.map((point) => point.y));
  const x = scaleLinear()
    .domain([0, Math.max(...xs) * 1.05 || 1])
    .range([LEFT, WIDTH - RIGHT])
    .nice(6);
  const padding = (Math.max(...ys) - Math.min(...ys)) * 0.08 || 0.05;
  const top = Math.max(...ys) + padding;
  const y = scaleLinear()
    .domain([Math.max(0, Math.min(...ys) - padding), words.mostY === null ? top : Math.min(words.mostY, top)])
    .range([HEIGHT - BOTTOM, TOP]);
  return svgPicture(
    { width: WIDTH, height: HEIGHT, title: words.title, description: words.description },
    ...x.ticks(7).flatMap((tick) => [
      svgLine(x(tick), TOP, x(tick), HEIGHT - BOTTOM, "grid"),
      svgText(x(tick), HEIGHT - BOTTOM + 17, words.formatX(tick), {
        class: "tick-label",
        "text-anchor": "middle",
      }),
    ]),
    ...y
      .ticks(6)
      .flatMap((tick) => [
        svgLine(LEFT, y(tick), WIDTH - RIGHT, y(tick), "grid"),
        svgText(LEFT - 8, y(tick) + 4, words.formatY(tick), { class: "tick-label", "text-anchor": "end" }),
      ]),
    svgText((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, words.xLabel, {
      class: "axis-label",
      "text-anchor": "middle",
    }),
    svgText(LEFT, TOP - 28, words.yLabel, { class: "axis-label" }),
    ...points.map((point) => pointOf(point, x, y)),
  );
}

function pointOf(point: ScatterPoint, x: (value: number) => number, y: (value: number) => number): string {
  const [cx, cy] = [x(point.x.value), y(point.y.value)];
  const className = `error-bar run-${point.index % 5}`;
  const bars = [
    point.x.lower === null || point.x.upper === null
      ? ""
      : svgLine(x(point.x.lower), cy, x(point.x.upper), cy, className),
    point.y.lower === null || point.y.upper === null
      ? ""
      : svgLine(cx, y(point.y.lower), cx, y(point.y.upper), className),
  ];
  const isRight = cx > WIDTH * 0.62;
  // Labels of neighbours stand above and below by turns, so that runs of like quality stay legible.
  const drop =
    point.index % 2 === 0 ? -10 - 16 * Math.floor(point.index / 2) : 21 + 16 * Math.floor(point.index / 2);
  const label = svgText(cx + (isRight ? -10 : 10), cy + drop, cutMiddle(point.label, MOST_LABEL_CHARACTERS), {
    class: "point-label",
    "text-anchor": isRight ? "end" : "start",
  });
  return svgElement("g", {}, ...bars, svgMark(point.index, cx, cy, 6), label);
}
