import type { JudgeDriftReport } from "../../judge/drift/drift-page.js";
import { formatLevel } from "../format.js";
import { renderDocument } from "../json-document.js";
import { oneLine } from "../plain-text.js";
import { type Color, painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";
import { alarmSentence, checkTable, type DriftTable, periodTable, trafficTable } from "./drift-tables.js";

const NAME_CHARACTERS = 60;
const CELL_CHARACTERS = 40;
const COLORS = { drift: "red", stable: "green", inconclusive: "yellow" } as const satisfies {
  readonly [verdict: string]: Color;
};

/** Drift of a judge as one JSON document. */
export function renderJudgeDriftJson(report: JudgeDriftReport): string {
  return renderDocument("judge-drift", report);
}

/** Drift of a judge for a terminal; the changed items stand in the report file. */
export function renderJudgeDrift(report: JudgeDriftReport, style: TextStyle): string {
  const paint = painter(style);
  const { judge, verdict, reason, current, last, level, nextSteps, file } = report;
  const width = widthOf(style);
  const against = last === null ? "" : ` against ${last.name}`;
  const traffic = trafficTable(report);
  const checks = checkTable(report).rows.flatMap(([name = "", status = "", , finding = ""]) => [
    `${status.padEnd(8)} ${name}`,
    ...wrap(finding, width - 9).map((line) => paint(`         ${line}`, "dim")),
  ]);
  return [
    `${paint(oneLine(judge, NAME_CHARACTERS), "bold")}: ${paint(verdict, "bold", COLORS[verdict])}`,
    ...wrap(reason, width - 2).map((line) => `  ${line}`),
    paint(`  ${current.name}${against}, intervals at ${formatLevel(level)}`, "dim"),
    "",
    ...tableLines(periodTable(report), style),
    "",
    ...checks,
    ...wrap(alarmSentence(report), width).map((line) => paint(line, "dim")),
    "",
    ...(traffic === null ? [] : [...tableLines(traffic, style), ""]),
    ...nextSteps.flatMap((step) =>
      wrap(step, width - 6).map((line, index) => `${index === 0 ? "next: " : "      "}${line}`),
    ),
    `report: ${file}`,
  ].join("\n");
}

function tableLines({ titles, rows }: DriftTable, style: TextStyle): string[] {
  const [head = "", ...body] = textTable(
    titles.map((title, index) => ({ title, align: index === 0 ? "left" : "right" })),
    rows.map((row) => row.map((text) => oneLine(text, CELL_CHARACTERS))),
  );
  return [painter(style)(head, "dim"), ...body];
}
