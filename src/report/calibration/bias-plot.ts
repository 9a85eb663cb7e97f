import { scaleLinear } from "d3-scale";
import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import { svgElement, svgLine, svgPicture, svgText } from "../plots/svg.js";
import { chanceText } from "./calibration-words.js";

/** Two counts that a judge without the bias would have alike. */
interface BiasRow {
  readonly label: string;
  readonly left: { readonly words: string; readonly count: number };
  readonly right: { readonly words: string; readonly count: number };
  /** That both are alike; `null` in rows that another one speaks for. */
  readonly p: number | null;
}

const WIDTH = 960;
const LABEL = 190;
const NOTE = 130;
const ROW = 58;
const TOP = 16;
const BAR = 20;

/** Which way a judge leans: bars of equal length on both sides mean that it does not. `null` where nothing is known. */
export function biasPlot(report: CalibrationReport): string | null {
  const rows = biasRows(report);
  if (rows.length === 0) return null;
  const most = Math.max(1, ...rows.flatMap(({ left, right }) => [left.count, right.count]));
  const middle = LABEL + (WIDTH - LABEL - NOTE) / 2;
  const x = scaleLinear()
    .domain([0, most])
    .range([0, (WIDTH - LABEL - NOTE) / 2 - 40]);
  const bottom = TOP + rows.length * ROW;
  const words = rows.map(
    ({ label, left, right, p }) =>
      `${label}: ${left.count} ${left.words}, ${right.count} ${right.words}${p === null ? "" : `, ${chanceText(p)}`}`,
  );
  return svgPicture(
    { width: WIDTH, height: bottom, title: "Biases of the judge", description: words.join("; ") },
    ...rows.flatMap((row, index) => rowOf(row, TOP + index * ROW, middle, x)),
    svgLine(middle, TOP, middle, bottom - 6, "zero"),
  );
}

function rowOf(
  { label, left, right, p }: BiasRow,
  top: number,
  middle: number,
  x: (count: number) => number,
): string[] {
  const y = top + 20;
  const centre = y + BAR / 2 + 4;
  const bar = (from: number, width: number) =>
    svgElement("rect", { class: "bias-bar", x: from, y, width, height: BAR });
  return [
    svgText(LABEL - 14, centre, label, { class: "row-label", "text-anchor": "end" }),
    svgText(middle - 8, top + 12, left.words, { class: "side", "text-anchor": "end" }),
    svgText(middle + 8, top + 12, right.words, { class: "side" }),
    bar(middle - x(left.count), x(left.count)),
    bar(middle, x(right.count)),
    svgText(middle - x(left.count) - 8, centre, String(left.count), {
      class: "row-note",
      "text-anchor": "end",
    }),
    svgText(middle + x(right.count) + 8, centre, String(right.count), { class: "row-note" }),
    p === null
      ? ""
      : svgText(WIDTH - NOTE + 14, centre, chanceText(p), {
          class: p < 0.05 ? "row-note worse" : "row-note",
        }),
  ];
}

function biasRows({ order, lengthBias }: CalibrationReport): readonly BiasRow[] {
  const rows: BiasRow[] = [];
  const position = order?.position ?? null;
  if (position !== null) {
    rows.push({
      label: "position",
      left: { words: "flips to the first answer", count: position.firstOnly },
      right: { words: "flips to the second answer", count: position.secondOnly },
      p: position.p,
    });
  }
  if (lengthBias?.kind === "pairs") {
    rows.push({
      label: "length",
      left: { words: "errors towards the shorter", count: lengthBias.errorsToShorter },
      right: { words: "errors towards the longer", count: lengthBias.errorsToLonger },
      p: lengthBias.p,
    });
  }
  if (lengthBias?.kind === "grades") {
    for (const half of ["longer", "shorter"] as const) {
      rows.push({
        label: `${half} half`,
        left: { words: "graded too bad", count: lengthBias[half].under },
        right: { words: "graded too good", count: lengthBias[half].over },
        p: half === "longer" ? lengthBias.p : null,
      });
    }
  }
  return rows;
}
