import { scaleLinear } from "d3-scale";
import { formatScore, limitsOf } from "../agreement-words.js";
import { cutMiddle } from "../cut-middle.js";
import { plainText } from "../plain-text.js";
import { svgElement, svgLine, svgPicture, svgText } from "../plots/svg.js";

/** One row: a kappa, or another measure on its scale, with its interval. */
export interface IntervalRow {
  readonly label: string;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Whether it is coloured by where it stands to the floor. */
  readonly isHeldToFloor: boolean;
  /** What stands there when there is no value. */
  readonly missing: string;
}

const WIDTH = 960;
const LABEL = 240;
const NOTE = 230;
const ROW = 26;
const TOP = 30;
const BOTTOM = 44;
const LABEL_CHARACTERS = 28;

/** Agreement measures with their intervals against the floor that the lower limit must reach. */
export function intervalPlot(rows: readonly IntervalRow[], floor: number, title: string): string {
  const ends = rows.flatMap(({ lower, value }) => [lower ?? value ?? 0]);
  const x = scaleLinear()
    .domain([Math.max(-1, Math.min(0, ...ends)), 1])
    .range([LABEL, WIDTH - NOTE])
    .nice(5);
  const bottom = TOP + rows.length * ROW;
  const words = rows.map((row) => `${row.label}: ${noteOf(row)}`).join("; ");
  return svgPicture(
    {
      width: WIDTH,
      height: bottom + BOTTOM,
      title,
      description: `The floor is ${floor}. ${plainText(words)}`,
    },
    ...x
      .ticks(6)
      .flatMap((tick) => [
        svgLine(x(tick), TOP - 6, x(tick), bottom, tick === 0 ? "zero" : "grid"),
        svgText(x(tick), bottom + 16, formatScore(tick), { class: "tick-label", "text-anchor": "middle" }),
      ]),
    svgLine(x(floor), TOP - 8, x(floor), bottom, "gate-line"),
    svgText(x(floor), TOP - 14, `floor ${formatScore(floor)}`, {
      class: "gate-label",
      "text-anchor": "middle",
    }),
    svgText((LABEL + WIDTH - NOTE) / 2, bottom + 36, "0: as by chance, 1: full agreement", {
      class: "axis-label",
      "text-anchor": "middle",
    }),
    ...rows.map((row, index) => rowOf(row, TOP + index * ROW + ROW / 2, x, floor)),
  );
}

function rowOf(row: IntervalRow, y: number, x: (value: number) => number, floor: number): string {
  const { value, lower, upper } = row;
  const tone = toneOf(row, floor);
  const parts = [
    svgText(LABEL - 14, y + 4, cutMiddle(plainText(row.label), LABEL_CHARACTERS), {
      class: "row-label",
      "text-anchor": "end",
    }),
    svgText(WIDTH - NOTE + 14, y + 4, noteOf(row), { class: `row-note ${tone}` }),
  ];
  if (lower !== null && upper !== null) {
    parts.push(svgLine(x(lower), y, x(upper), y, `limits ${tone}`));
    for (const end of [lower, upper]) parts.push(svgLine(x(end), y - 5, x(end), y + 5, `limits ${tone}`));
  }
  if (value !== null) {
    parts.push(
      svgElement("rect", { class: `point ${tone}`, x: x(value) - 4.5, y: y - 4.5, width: 9, height: 9 }),
    );
  }
  return svgElement("g", {}, ...parts);
}

function noteOf(row: IntervalRow): string {
  return row.value === null ? row.missing : `${formatScore(row.value)} ${limitsOf(row)}`.trimEnd();
}

function toneOf(row: IntervalRow, floor: number): "better" | "worse" | "none" {
  const { lower, upper, isHeldToFloor } = row;
  if (lower === null || upper === null || !isHeldToFloor) return "none";
  if (lower >= floor) return "better";
  return upper < floor ? "worse" : "none";
}
