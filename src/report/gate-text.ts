import type { Verdict } from "../core/score.js";
import type { GateReport } from "../gates/gate-report.js";
import { formatInterval, formatLevel, formatValue, shortHash } from "./format.js";
import { renderDocument } from "./json-document.js";
import { type Color, type Paint, painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";

const VERDICT_COLOR: { readonly [Name in Verdict]: Color } = {
  pass: "green",
  fail: "red",
  inconclusive: "yellow",
  error: "red",
};

/** The report as one JSON document. */
export function renderGateJson(report: GateReport): string {
  return renderDocument("gate-report", report);
}

/** One line a gate (verdict, metric, measured, interval, n, required), why those that do not pass, the verdict. */
export function renderGateReport(report: GateReport, style: TextStyle): string {
  const paint = painter(style);
  const judged = `run ${report.runId} · agent ${shortHash(report.agentVersion)} · dataset ${shortHash(report.datasetHash)} · gates ${shortHash(report.gatesHash)}`;
  return [
    ...gateLines(report, paint),
    "",
    ...verdictLines(report, paint, widthOf(style)),
    ...report.notes.flatMap((note) =>
      wrap(`Note: ${note}.`, widthOf(style)).map((line) => paint(line, "yellow")),
    ),
    paint(judged, "dim"),
  ].join("\n");
}

/** The table of the gates. */
export function gateLines(report: GateReport, paint: Paint): string[] {
  const level = report.results.find((result) => result.estimate !== null)?.estimate?.level;
  const table = textTable(
    [
      { title: "gate" },
      { title: "metric" },
      { title: "measured", align: "right" },
      { title: level === undefined ? "interval" : `${formatLevel(level)} interval` },
      { title: "n", align: "right" },
      { title: "required" },
      { title: "severity" },
    ],
    report.results.map((result) => [
      result.verdict,
      result.name,
      result.estimate === null ? "none" : formatValue(result.estimate),
      result.estimate === null ? "" : formatInterval(result.estimate),
      result.estimate === null ? "0" : String(result.estimate.n),
      result.required,
      result.severity === "minor" ? "minor (warns only)" : result.severity,
    ]),
  );
  return table.map((line, index) => {
    const result = report.results[index - 1];
    if (result === undefined) return paint(line, "dim");
    return paint(result.verdict, VERDICT_COLOR[result.verdict]) + line.slice(result.verdict.length);
  });
}

/** The verdict of the whole, with what kept it from a pass. */
export function verdictLines(report: GateReport, paint: Paint, width: number): string[] {
  const reasons = report.reasons.flatMap((reason) =>
    wrap(reason, width - 4).map((line, index) => `${index === 0 ? "  - " : "    "}${line}`),
  );
  return [
    `Verdict: ${paint(report.verdict.toUpperCase(), VERDICT_COLOR[report.verdict], "bold")}`,
    ...reasons,
  ];
}
