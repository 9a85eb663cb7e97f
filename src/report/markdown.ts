import type { Estimate } from "../core/score.js";
import { caseOutcome, trialOutcome, trialsPassed, worstFirst } from "./case-outcome.js";
import { expectationLines, inputText } from "./case-text.js";
import { renderComparisonMarkdown } from "./comparison/comparison-markdown.js";
import { escapeHtml } from "./escape-html.js";
import {
  costNote,
  formatCost,
  formatInterval,
  formatLevel,
  formatRunDuration,
  formatValue,
  shortHash,
  traceCommand,
  unscoredCount,
} from "./format.js";
import { gateRemarks, gateRows } from "./gates/gate-rows.js";
import { hideHoldout, isHoldout } from "./hide-holdout.js";
import { markdownCell as cell, markdownCode as code } from "./markdown-text.js";
import { missingValues } from "./missing-values.js";
import { noticesOf } from "./notices.js";
import { clip, plainText } from "./plain-text.js";
import type { CaseReport, RunReport, TrialReport } from "./run-report.js";

/** A comment on a pull request holds 65,536 characters; the rest is for the tables and the closing line. */
const MAX_CASE_CHARACTERS = 45_000;
/** Of the changed cases of a comparison that stands below the run. */
const MAX_COMPARED_CHARACTERS = 8_000;
const MAX_TEXT_CHARACTERS = 1_200;
const SIGN = { pass: "✅", fail: "❌", inconclusive: "⚠️", error: "🛑" } as const;

/** Summary for a pull request: verdict, gates, estimates, cases that did not pass with their details folded. */
export function renderMarkdown(report: RunReport): string {
  const shown = hideHoldout(report);
  const { run, totals } = shown;
  const missing = totals.planned - totals.completed - totals.errors;
  const comparison =
    shown.comparison === null ? "" : renderComparisonMarkdown(shown.comparison, MAX_COMPARED_CHARACTERS);
  const counts = [
    `**${totals.passed}** passed`,
    `**${totals.failed}** failed`,
    `**${totals.errors}** in error`,
    ...(missing > 0 ? [`**${missing}** not run (${run.status})`] : []),
  ];
  return `${[
    `## ${titleOf(shown)}`,
    "",
    `${counts.join(", ")} of ${totals.planned} trials · cost ${formatCost(totals.costUsd)}${costNote(totals)} · ${formatRunDuration(shown)}`,
    "",
    ...noticesOf(shown).flatMap((notice) => [`> ${cell(notice)}`, ""]),
    ...gateSection(shown),
    ...estimateSection(shown.estimates),
    ...caseSection(shown, MAX_CASE_CHARACTERS - comparison.length),
    ...(comparison === "" ? [] : [comparison]),
    `<sub>run ${code(run.id)} · agent ${code(`${run.agentName}@${shortHash(run.agentVersion)}`)} on ${code(`${run.provider}/${run.model}`)} · dataset ${code(`${run.datasetPath}@${shortHash(run.datasetHash)}`)} · seed ${run.seed}</sub>`,
  ].join("\n")}\n`;
}

function titleOf({ run, gate }: RunReport): string {
  const suite = code(run.suite);
  return gate === null ? `agentctl: ${suite}` : `${SIGN[gate.verdict]} agentctl: ${suite} ${gate.verdict}`;
}

function gateSection({ gate, run }: RunReport): string[] {
  if (gate === null) return [];
  const rows = gateRows(gate.results).map((row) => {
    const verdict = row.verdict === null ? "" : `${SIGN[row.verdict]} ${row.verdict}`;
    const indent = "&nbsp;&nbsp;".repeat(row.depth);
    return `| ${verdict} | ${indent}${code(row.name)} | ${row.measured} | ${row.interval} | ${row.n} | ${row.method} | ${cell(row.required)} |`;
  });
  // The notes of the run stand above the table already.
  const notes = gate.notes.filter((note) => !run.notes.includes(note));
  const below = [...gate.reasons, ...gateRemarks(gate), ...notes];
  return [
    "| verdict | gate | measured | interval | n | method | required |",
    "|---|---|--:|---|--:|---|---|",
    ...rows,
    "",
    ...below.map((line) => `- ${cell(line)}`),
    ...(below.length > 0 ? [""] : []),
  ];
}

function estimateSection(estimates: readonly Estimate[]): string[] {
  const level = estimates[0]?.level;
  if (level === undefined) return [];
  const known = estimates.filter((estimate) => estimate.value !== null);
  const rows = known.map((estimate) => {
    return `| ${code(estimate.metric)} | ${formatValue(estimate)} | ${formatInterval(estimate)} | ${estimate.n} | ${unscoredCount(estimate)} | ${estimate.clusters} | ${estimate.method} |`;
  });
  const missing = missingValues(estimates).map(
    ({ reason, metrics }) => `- no value: ${metrics.map(code).join(", ")} (${cell(clip(reason, 200))})`,
  );
  return [
    "<details><summary>Estimates</summary>",
    "",
    `| metric | estimate | ${formatLevel(level)} interval | n | not scored | clusters | method |`,
    "|---|--:|---|--:|--:|--:|---|",
    ...rows,
    "",
    ...missing,
    ...(missing.length > 0 ? [""] : []),
    "</details>",
    "",
  ];
}

function caseSection(report: RunReport, room: number): string[] {
  const bad = worstFirst(report.cases).filter((one) =>
    ["failed", "error", "not run"].includes(caseOutcome(one)),
  );
  if (bad.length === 0) return [];
  const lines = [`### ${bad.length} of ${report.cases.length} cases did not pass`, ""];
  let used = 0;
  for (const [index, one] of bad.entries()) {
    const details = caseDetails(report, one).join("\n");
    if (used + details.length > room) {
      lines.push(`${bad.length - index} more are left out here; the HTML report shows them all.`, "");
      break;
    }
    used += details.length;
    lines.push(details, "");
  }
  return lines;
}

function caseDetails(report: RunReport, one: CaseReport): string[] {
  const { goldenCase } = one;
  const outcome = caseOutcome(one);
  const tags = [goldenCase.risk === null ? null : `risk ${goldenCase.risk}`, ...goldenCase.tags]
    .filter((tag) => tag !== null)
    .map(code)
    .join(" ");
  const facts = [...new Set([outcome, trialsPassed(one), tags])].filter((fact) => fact !== "").join(" · ");
  const text = [`asked     ${inputText(goldenCase.input)}`];
  for (const line of expectationLines(goldenCase)) text.push(`expected  ${line}`);
  const trial = one.trials.find((candidate) => trialOutcome(candidate) === outcome);
  if (trial !== undefined && !isHoldout(one)) {
    text.push(`came      ${cameOf(trial)}`);
    for (const failure of trial.failures) text.push(`why       ${failure}`);
    text.push(`trace     ${traceCommand(report.run.id, goldenCase.id, trial.trial)}`);
  }
  return [
    `<details><summary>${code(goldenCase.id)} ${facts}</summary>`,
    "",
    `<pre>${escapeHtml(text.map((line) => clip(plainText(line), MAX_TEXT_CHARACTERS)).join("\n"))}</pre>`,
    "",
    "</details>",
  ];
}

function cameOf(trial: TrialReport): string {
  if (trial.error !== null) return `${trial.error.code}: ${trial.error.message}`;
  return trial.answer ?? `no answer (${trial.stopReason})`;
}
