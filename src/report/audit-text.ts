import type { AuditReport } from "./audit-report.js";
import { counted } from "./counted.js";
import { shortHash } from "./format.js";
import { renderDocument } from "./json-document.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";

/** Characters of a reason; those of decisions are shown as a whole up to here. */
const MOST_REASON = 600;

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
    const what = [record.event_type, record.subject, record.decision, record.call_id];
    const head = oneLine(what.filter((part) => part !== null).join(" · "), width - 29);
    const isDecision = record.event_type === "guardrail_triggered" || record.event_type === "effect_recorded";
    const text = isDecision ? paint(head.padEnd(width - 29), "yellow") : head.padEnd(width - 29);
    return [
      `${String(record.sequence).padStart(4)}  ${record.time.slice(11, 23)} ${text} ${paint(shortHash(record.hash), "dim")}`,
      ...groundsOf(record)
        .flatMap((ground) =>
          isDecision ? wrap(oneLine(ground, MOST_REASON), width - 6) : [oneLine(ground, width - 6)],
        )
        .map((line) => paint(`      ${line}`, "dim")),
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

/** What decided, on which documents, and why. */
function groundsOf({ classifier, score, document_ids, reason }: AuditReport["records"][number]) {
  const by = [classifier ?? "", score === null ? "" : `${classifier === null ? "score" : "gave"} ${score}`];
  return [
    by.filter((part) => part !== "").join(" "),
    document_ids.length === 0 ? "" : `documents ${document_ids.join(", ")}`,
    reason ?? "",
  ].filter((line) => line !== "");
}

const VERDICTS = {
  whole: (records: number) => [`${counted(records, "record")}, as they were written.`],
  tampered: (_: number, problems: number) => [`TAMPERED: ${counted(problems, "problem")}.`],
  removed: () => [
    "REMOVED: anchored when it ran, and not in the run history any more. A deletion of its user leaves a receipt.",
  ],
  "not-anchored": () => ["Not anchored when it ran: a change of these records would not be noticed."],
} as const;
