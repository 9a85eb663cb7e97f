import type { JudgeDriftReport, ShownAnchor } from "../../judge/drift/drift-page.js";
import { counted } from "../counted.js";
import { formatLevel } from "../format.js";
import { markdownCell as cell, markdownCode as code } from "../markdown-text.js";
import { clip } from "../plain-text.js";
import { alarmSentence, checkTable, type DriftTable, periodTable, trafficTable } from "./drift-tables.js";

const SIGN = { drift: "❌ drift", stable: "✅ stable", inconclusive: "⚠️ inconclusive" } as const;
/** A report is read by people and posted as an issue, which holds 65,536 characters. */
const MOST_ITEMS = 20;
const TEXT_CHARACTERS = 300;

/** Drift of one judge in one period, as a section of a report. */
export function renderDriftMarkdown(report: JudgeDriftReport): string {
  const { judge, rubric, current, last, verdict, reason, level, nextSteps, anchorSet, anchors } = report;
  const traffic = trafficTable(report);
  const anchorsOf = anchorSet === null ? "" : ` Anchors: ${anchorSet.items} of ${code(anchorSet.source)}.`;
  return `${[
    `## ${SIGN[verdict]}: judge ${code(judge)}, ${current.name}`,
    "",
    `${cell(reason)}.`,
    "",
    `Rubric ${code(rubric)}, ${current.name}${last === null ? "" : ` against ${last.name}`}, intervals at ${formatLevel(level)}.${anchorsOf}`,
    "",
    ...tableLines(periodTable(report)),
    "",
    "### Checks",
    "",
    ...tableLines(checkTable(report)),
    "",
    cell(alarmSentence(report)),
    "",
    ...(traffic === null ? [] : ["### Verdicts on new traffic", "", ...tableLines(traffic), ""]),
    ...(anchors === null ? [] : changedLines(report, anchors.n)),
    "### Next steps",
    "",
    ...nextSteps.map((step) => `- ${cell(step)}`),
  ].join("\n")}\n`;
}

function changedLines({ changedAnchors }: JudgeDriftReport, n: number): string[] {
  const more = changedAnchors.length - MOST_ITEMS;
  return [
    `### ${counted(changedAnchors.length, "verdict")} changed of ${counted(n, "item")} judged in both periods`,
    "",
    ...changedAnchors.slice(0, MOST_ITEMS).flatMap(anchorLines),
    ...(more > 0 ? [`- … ${more} more, all with \`--json\``] : []),
    ...(changedAnchors.length > 0 ? [""] : []),
  ];
}

function anchorLines({ item, truth, last, current, question, answer }: ShownAnchor): string[] {
  const people = truth === null ? "nobody labelled it" : `people say ${code(truth)}`;
  const texts = [question, answer].flatMap((text) =>
    text === null ? [] : [`  - ${code(clip(text, TEXT_CHARACTERS))}`],
  );
  return [`- ${code(item)}: ${code(last)} → ${code(current)}; ${people}`, ...texts];
}

function tableLines({ titles, rows }: DriftTable): string[] {
  return [titles, titles.map(() => "---"), ...rows.map((row) => row.map(cell))].map(
    (row) => `| ${row.join(" | ")} |`,
  );
}
