import type { Verdict } from "../../core/score.js";
import type { GateReport } from "../../gates/gate-report.js";
import { formatLevel } from "../format.js";
import type { Paint } from "../text-style.js";
import { type GateRow, gateRows } from "./gate-rows.js";
import { VERDICT_COLOR } from "./verdict-color.js";

const GAP = 2;
/** Below this, name and requirement together have no room beside an interval: it goes below what was measured. */
const LEAST_ROOM = 44;
const LEAST_CELL = 8;

/** Columns of the table, cells as they stand in a line. */
type Cells = readonly string[];

/**
 * The table of the gates in at most `width` columns: verdict, gate, measured, interval, n, method where there is room,
 * required. Long names and requirements go on below themselves.
 */
export function gateTable(report: Pick<GateReport, "results">, paint: Paint, width: number): string[] {
  const rows = gateRows(report.results);
  const level = report.results.find((result) => result.estimate !== null)?.estimate?.level;
  const interval = level === undefined ? "interval" : `${formatLevel(level)} interval`;
  const wide = layout(
    ["", "gate", "measured", interval, "n", "method", "required"],
    rows.map(wideCells),
    width,
  );
  const plain = layout(
    ["", "gate", "measured", interval, "n", "required"],
    rows.map((row) => wideCells(row).filter((_, index) => index !== 5)),
    width,
  );
  const narrow = layout(["", "gate", "measured", "n", "required"], rows.map(narrowCells), width);
  const lines = [wide, plain].find((one) => one.fits)?.lines ?? narrow.lines;
  return lines.map(({ text, row }) => {
    if (row === null) return paint(text, "dim");
    const verdict: Verdict | null = rows[row]?.verdict ?? null;
    if (verdict === null || !text.startsWith(verdict)) return text;
    return paint(verdict, VERDICT_COLOR[verdict]) + text.slice(verdict.length);
  });
}

function wideCells(row: GateRow): Cells {
  return [row.verdict ?? "", nameOf(row), row.measured, row.interval, row.n, row.method, row.required];
}

/** A line feed parts what stands above each other in one cell. */
function narrowCells(row: GateRow): Cells {
  const measured = row.interval === "" ? row.measured : `${row.measured}\n${row.interval}`;
  return [row.verdict ?? "", nameOf(row), measured, row.n, row.required];
}

function nameOf({ depth, name }: GateRow): string {
  return "  ".repeat(depth) + name;
}

interface Layout {
  /** Whether names and requirements have room enough. */
  readonly fits: boolean;
  /** `row`: index of the row whose first line it is; `null` for titles. */
  readonly lines: readonly { readonly text: string; readonly row: number | null }[];
}

function layout(titles: Cells, rows: readonly Cells[], width: number): Layout {
  const last = titles.length - 1;
  const natural = titles.map((title, column) =>
    Math.max(lengthOf(title), ...rows.flatMap((row) => (row[column] ?? "").split("\n").map(lengthOf))),
  );
  const widthAt = (column: number) => natural[column] as number;
  const others = natural.reduce(
    (sum, one, column) => (column === 1 || column === last ? sum : sum + one + GAP),
    GAP,
  );
  const room = width - others;
  const required = Math.max(
    LEAST_CELL,
    Math.min(widthAt(last), Math.max(Math.floor(room / 2), room - widthAt(1))),
  );
  const name = Math.max(LEAST_CELL, Math.min(widthAt(1), room - required));
  const widths = natural.map((one, column) => (column === 1 ? name : column === last ? required : one));
  const lines = [titles, ...rows].flatMap((cells, index) =>
    lineUp(cells, widths).map((text, line) => ({
      text,
      row: line === 0 && index > 0 ? index - 1 : index === 0 ? null : -1,
    })),
  );
  return { fits: room >= Math.min(LEAST_ROOM, widthAt(1) + widthAt(last)), lines };
}

/** One row as the lines that it takes. Numbers stand to the right: those of `measured` and `n`. */
function lineUp(cells: Cells, widths: readonly number[]): string[] {
  const wrapped = cells.map((cell, column) => wrapCell(cell, widths[column] as number));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, column) => {
        const text = lines[line] ?? "";
        const padding = " ".repeat(Math.max(0, (widths[column] as number) - lengthOf(text)));
        return column === 2 || /^\d+$/.test(text) || text === "n" ? padding + text : text + padding;
      })
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

/** Breaks at spaces, and words that are wider than the column anywhere; further lines keep the indent of the first. */
function wrapCell(cell: string, width: number): string[] {
  return cell.split("\n").flatMap((part) => {
    if (lengthOf(part) <= width) return [part];
    const indent = /^ */.exec(part)?.[0] ?? "";
    const room = Math.max(1, width - indent.length);
    const lines: string[] = [];
    let line = "";
    for (const word of part
      .trim()
      .split(" ")
      .flatMap((one) => pieces(one, room))) {
      if (line !== "" && lengthOf(line) + 1 + lengthOf(word) > room) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    return [...lines, line].map((one) => indent + one);
  });
}

function pieces(word: string, room: number): string[] {
  const characters = Array.from(word);
  const found: string[] = [];
  for (let start = 0; start < characters.length; start += room) {
    found.push(characters.slice(start, start + room).join(""));
  }
  return found;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
