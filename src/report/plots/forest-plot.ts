import { scaleLinear } from "d3-scale";
import { cutMiddle } from "../cut-middle.js";
import { svgElement, svgLine, svgPicture, svgText } from "./svg.js";

/** One row: a difference and its interval, already turned so that larger is better. */
export interface ForestRow {
  readonly label: string;
  /** Short text at the right end. */
  readonly note: string;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly tone: "worse" | "better" | "none";
}

export interface ForestOptions {
  readonly title: string;
  readonly axis: string;
  readonly formatTick: (value: number) => string;
}

const WIDTH = 960;
const LABEL = 270;
const NOTE = 210;
const ROW = 24;
const TOP = 30;
const BOTTOM = 44;
const MOST_LABEL_CHARACTERS = 32;
/** Intervals beyond this many times the largest difference, and beyond 1, are cut, with an arrow. */
const MOST_STRETCH = 4;

/** Differences with their intervals around a line at zero: worse to the left, better to the right. */
export function forestPlot(rows: readonly ForestRow[], { title, axis, formatTick }: ForestOptions): string {
  const [least, most] = domainOf(rows);
  const left = LABEL;
  const right = WIDTH - NOTE;
  const x = scaleLinear().domain([least, most]).range([left, right]).nice(5);
  const [from = least, to = most] = x.domain();
  const bottom = TOP + rows.length * ROW;
  const ticks = x.ticks(6);
  const words = rows.map((row) => `${row.label}: ${row.note}`).join("; ");
  return svgPicture(
    { width: WIDTH, height: bottom + BOTTOM, title, description: `${axis}. ${words}` },
    ...ticks.flatMap((tick) => [
      svgLine(x(tick), TOP - 6, x(tick), bottom, tick === 0 ? "zero" : "grid"),
      svgText(x(tick), bottom + 16, formatTick(tick), { class: "tick-label", "text-anchor": "middle" }),
    ]),
    svgText(x(0) - 8, TOP - 14, "← worse", { class: "side", "text-anchor": "end" }),
    svgText(x(0) + 8, TOP - 14, "better →", { class: "side" }),
    svgText((left + right) / 2, bottom + 36, axis, { class: "axis-label", "text-anchor": "middle" }),
    ...rows.map((row, index) => rowOf(row, TOP + index * ROW + ROW / 2, x, [from, to])),
  );
}

function rowOf(
  row: ForestRow,
  y: number,
  x: (value: number) => number,
  [from, to]: readonly [number, number],
): string {
  const clamp = (value: number) => Math.max(from, Math.min(to, value));
  const { lower, upper, value } = row;
  const parts = [
    svgText(LABEL - 14, y + 4, cutMiddle(row.label, MOST_LABEL_CHARACTERS), {
      class: "row-label",
      "text-anchor": "end",
    }),
    svgText(WIDTH - NOTE + 14, y + 4, row.note, { class: `row-note ${row.tone}` }),
  ];
  if (lower !== null && upper !== null) {
    parts.push(svgLine(x(clamp(lower)), y, x(clamp(upper)), y, `limits ${row.tone}`));
    parts.push(endOf(x(clamp(lower)), y, lower < from ? -1 : 0, row.tone));
    parts.push(endOf(x(clamp(upper)), y, upper > to ? 1 : 0, row.tone));
  }
  parts.push(
    svgElement("rect", {
      class: `point ${row.tone}`,
      x: x(clamp(value)) - 4.5,
      y: y - 4.5,
      width: 9,
      height: 9,
    }),
  );
  return svgElement("g", {}, ...parts);
}

/** A bar at the end of an interval, or an arrow where it goes on beyond the picture. */
function endOf(x: number, y: number, beyond: -1 | 0 | 1, tone: string): string {
  if (beyond === 0) return svgLine(x, y - 5, x, y + 5, `limits ${tone}`);
  const tip = x + beyond * 8;
  return svgElement("polygon", { class: `point ${tone}`, points: `${x},${y - 5} ${tip},${y} ${x},${y + 5}` });
}

function domainOf(rows: readonly ForestRow[]): readonly [number, number] {
  const ends = rows.flatMap(({ lower, upper, value }) => [lower ?? value, upper ?? value, value]);
  const largest = Math.max(...rows.map(({ value }) => Math.abs(value)));
  const reach = Math.max(...ends.map(Math.abs));
  const most = largest === 0 ? reach : Math.min(reach, Math.max(1, MOST_STRETCH * largest));
  if (!(most > 0)) return [-1, 1];
  const least = Math.max(Math.min(0, ...ends), -most);
  const greatest = Math.min(Math.max(0, ...ends), most);
  // Room on both sides of zero, so that the words beside it fit.
  const room = 0.25 * most;
  return [Math.min(least, -room), Math.max(greatest, room)];
}
