import { markdownCell as cell, markdownCode as code } from "../markdown-text.js";
import { plainText } from "../plain-text.js";
import type { Evidence, Fix, ReadinessReport } from "./readiness-report.js";
import { countsText, fixLead, LIST_NAMES, STATE_MARKS } from "./readiness-words.js";

/** The scorecard as Markdown: a table a list, then what closes what is open. */
export function renderReadinessMarkdown({ agent, suite, runId, at, total, lists }: ReadinessReport): string {
  const open = lists.flatMap(({ items }) => items.filter(({ fix }) => fix !== null));
  return `${[
    `# Readiness of ${cell(agent)}`,
    "",
    `**${countsText(total)}.** Suite ${code(suite)}, ${runId === null ? "no complete run" : `run ${code(runId)}`}, ${at.slice(0, 10)}.`,
    ...lists.flatMap(({ list, items, skipped, ...counts }) => [
      "",
      `## ${LIST_NAMES[list]}: ${countsText(counts)}`,
      "",
      "| | item | what was found |",
      "|---|---|---|",
      ...items.map(
        ({ state, title, evidence }) =>
          `| ${STATE_MARKS[state]} ${state} | ${cell(title)} | ${evidence.map(found).join("<br>")} |`,
      ),
      ...skipped.map(({ title, reason }) => `| n/a | ${cell(title)} | ${cell(reason)} |`),
    ]),
    ...(open.length === 0 ? [] : ["", "## What closes them"]),
    ...open.flatMap(({ title, why, fix }) => [
      "",
      `### ${cell(title)}`,
      "",
      cell(why),
      "",
      ...fixLines(fix as Fix),
    ]),
  ].join("\n")}\n`;
}

function found({ text, place }: Evidence): string {
  return place === null ? cell(text) : `${cell(text)} ${code(place)}`;
}

function fixLines(fix: Fix): readonly string[] {
  const lead = fixLead(fix);
  if (fix.kind === "change") return [cell(fix.text)];
  const text = plainText(fix.text).replaceAll("```", "'''");
  return [
    cell(`${lead.charAt(0).toUpperCase()}${lead.slice(1)}`),
    "",
    `\`\`\`${fix.kind === "yaml" ? "yaml" : "sh"}`,
    text,
    "```",
  ];
}
