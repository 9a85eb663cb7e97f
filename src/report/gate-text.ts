import type { GateReport } from "../gates/gate-report.js";
import { shortHash } from "./format.js";
import { gateRemarks } from "./gates/gate-rows.js";
import { gateTable } from "./gates/gate-table.js";
import { VERDICT_COLOR } from "./gates/verdict-color.js";
import { renderDocument } from "./json-document.js";
import { type Paint, painter, type TextStyle, widthOf, wrap } from "./text-style.js";

/** The report as one JSON document. */
export function renderGateJson(report: GateReport): string {
  return renderDocument("gate-report", report);
}

/** The table of the gates, the verdict with why it is not a pass, what to know besides, and what was judged. */
export function renderGateReport(report: GateReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const judged = `run ${report.runId} · agent ${shortHash(report.agentVersion)} · dataset ${shortHash(report.datasetHash)} · gates ${shortHash(report.gatesHash)}`;
  return [
    ...gateLines(report, paint, width),
    "",
    ...verdictLines(report, paint, width),
    ...noteLines(report.notes, paint, width),
    ...wrap(judged, width).map((line) => paint(line, "dim")),
  ].join("\n");
}

/** The table of the gates, in at most `width` columns. */
export function gateLines(report: GateReport, paint: Paint, width: number): string[] {
  return gateTable(report, paint, width);
}

/** The verdict of the whole, what kept it from a pass, and what would settle what is open. */
export function verdictLines(report: GateReport, paint: Paint, width: number): string[] {
  const item = (text: string) =>
    wrap(text, width - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`);
  return [
    `Verdict: ${paint(report.verdict.toUpperCase(), VERDICT_COLOR[report.verdict], "bold")}`,
    ...report.reasons.flatMap(item),
    ...gateRemarks(report).flatMap((remark) => wrap(remark, width)),
  ];
}

/** What a reader must know whatever the verdict, e.g. who answers for a gate that does not pass. */
export function noteLines(notes: readonly string[], paint: Paint, width: number): string[] {
  return notes.flatMap((note) =>
    wrap(`Note: ${note.replace(/\.$/, "")}.`, width).map((line) => paint(line, "yellow")),
  );
}
