import type { AuditReport } from "./audit-report.js";
import { counted } from "./counted.js";
import { shortHash } from "./format.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";

/** The audit trail of a trial as one JSON document. */
export function renderAuditDocument(report: AuditReport): string {
  return renderDocument("audit", report);
}

/** The audit trail of a trial as text: what was decided, why, on which documents, by what; then whether it is whole. */
export function renderAudit(report: AuditReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { records, verdict, problems, log } = report;
  const lines = records.flatMap((record) => {
    const what = [record.event_type, record.subject, record.decision].filter((part) => part !== null);
    const grounds = [
      record.classifier === null
        ? record.score === null
          ? ""
          : `score ${record.score}`
        : `${record.classifier}${record.score === null ? "" : ` gave ${record.score}`}`,
      record.document_ids.length === 0 ? "" : `documents ${record.document_ids.join(", ")}`,
      record.call_id === null ? "" : `call ${record.call_id}`,
      record.reason ?? "",
    ].filter((part) => part !== "");
    const head = `${String(record.sequence).padStart(3)}  ${record.time.slice(11, 23)}  ${what.join(" · ")}`;
    const isDecision = record.event_type === "guardrail_triggered" || record.event_type === "effect_recorded";
    return [
      `${isDecision ? paint(oneLine(head, width - 14), "yellow") : oneLine(head, width - 14)}  ${paint(shortHash(record.hash), "dim")}`,
      ...grounds.map((ground) => paint(`       ${oneLine(ground, width - 8)}`, "dim")),
    ];
  });
  const title = `Audit of ${report.case_id}, trial ${report.trial} of run ${report.run_id} · ${report.agent}`;
  return [
    paint(oneLine(title, width), "bold"),
    "",
    ...lines,
    "",
    ...VERDICTS[verdict](records.length, problems.length).map((line) =>
      verdict === "tampered" || verdict === "removed" ? paint(line, "red", "bold") : line,
    ),
    ...problems.flatMap((problem) => wrap(`- ${problem}`, width)),
    ...(log === null
      ? []
      : [`Audit log: ${counted(log.rows, "row")}, head ${log.head.sequence}:${log.head.hash}`]),
  ].join("\n");
}

const VERDICTS = {
  whole: (records: number) => [`${counted(records, "record")}, as they were written.`],
  tampered: (_: number, problems: number) => [`TAMPERED: ${counted(problems, "problem")}.`],
  removed: () => [
    "REMOVED: anchored when it ran, and not in the run history any more. A deletion of its user leaves a receipt.",
  ],
  "not-anchored": () => ["Not anchored when it ran: a change of these records would not be noticed."],
} as const;
