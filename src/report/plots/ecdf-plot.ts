import { scaleLinear } from "d3-scale";
import { svgElement, svgLine, svgMark, svgPicture, svgText } from "./svg.js";

/** Ascending measurements of one run. */
export interface EcdfSeries {
  readonly label: string;
  readonly points: readonly number[];
}

export interface PlotWords {
  readonly title: string;
  readonly description: string;
  readonly xLabel: string;
  readonly formatX: (value: number) => string;
}

const WIDTH = 960;
const HEIGHT = 330;
const LEFT = 64;
const RIGHT = 24;
const TOP = 20;
const BOTTOM = 48;
const MARKS = [0.5, 0.95];

/** For each run the share of measurements up to a value; a line further right is slower or dearer. */
export function ecdfPlot(series: readonly EcdfSeries[], words: PlotWords): string {
  const most = Math.max(...series.flatMap(({ points }) => points.at(-1) ?? 0));
  const x = scaleLinear()
    .domain([0, most > 0 ? most : 1])
    .range([LEFT, WIDTH - RIGHT])
    .nice(6);
  const y = scaleLinear()
    .domain([0, 1])
    .range([HEIGHT - BOTTOM, TOP]);
  return svgPicture(
    { width: WIDTH, height: HEIGHT, title: words.title, description: words.description },
    ...x.ticks(8).flatMap((tick) => [
      svgLine(x(tick), TOP, x(tick), HEIGHT - BOTTOM, "grid"),
      svgText(x(tick), HEIGHT - BOTTOM + 17, words.formatX(tick), {
        class: "tick-label",
        "text-anchor": "middle",
      }),
    ]),
    ...[0, 0.25, 0.5, 0.75, 0.95].flatMap((share) => [
      svgLine(LEFT, y(share), WIDTH - RIGHT, y(share), MARKS.includes(share) ? "guide" : "grid"),
      svgText(LEFT - 8, y(share) + 4, `${share * 100} %`, { class: "tick-label", "text-anchor": "end" }),
    ]),
    svgText((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, words.xLabel, {
      class: "axis-label",
      "text-anchor": "middle",
    }),
    ...series.map(({ points }, index) => {
      const marks = MARKS.map((share) => {
        const at = points[Math.max(0, Math.ceil(share * points.length) - 1)];
        return at === undefined ? "" : svgMark(index, x(at), y(share), 4.5);
      });
      return `${svgElement("path", { class: `curve run-${index % 5}`, d: stepPath(points, x, y) })}${marks.join("")}`;
    }),
  );
}

function stepPath(
  points: readonly number[],
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const steps = points.map(
    (point, index) => `H${x(point).toFixed(1)}V${y((index + 1) / points.length).toFixed(1)}`,
  );
  return `M${x(0).toFixed(1)},${y(0).toFixed(1)}${steps.join("")}`;
}
