import type { CandidateComparison, ChangedCase, MetricComparison } from "../../comparison/comparison.js";
import { escapeHtml } from "../escape-html.js";
import { traceCommand } from "../format.js";
import { markdownCell as cell, markdownCode as code } from "../markdown-text.js";
import { clip, plainText } from "../plain-text.js";
import type { ChangedTrial, ComparisonReport } from "./comparison-report.js";
import {
  agentText,
  amountText,
  changeText,
  count,
  decidingP,
  designText,
  intervalTitle,
  limitsText,
  manyCandidatesText,
  methodText,
  otherChanges,
  plainMeaning,
  primaryOf,
  pText,
  stepText,
  VERDICT_ORDER,
  VERDICT_WORDS,
} from "./comparison-words.js";

/** A comment on a pull request holds 65,536 characters; the rest is for the tables. */
const MAX_CASE_CHARACTERS = 30_000;
const MAX_TEXT_CHARACTERS = 800;
const MAX_NAMED = 5;
const MAX_SLICES = 40;
const SIGN = { worse: "🔻", better: "🔺", "no-difference-shown": "➖", unknown: "❔" } as const;

/**
 * For a pull request: the finding in words, then tables and cases, folded.
 *
 * @param maxCaseCharacters - room for the texts of changed cases, shared by all candidates
 */
export function renderComparisonMarkdown(
  report: ComparisonReport,
  maxCaseCharacters: number = MAX_CASE_CHARACTERS,
): string {
  const many = manyCandidatesText(report.candidates.length);
  const room = Math.floor(maxCaseCharacters / Math.max(1, report.candidates.length));
  return `${[
    ...report.candidates.flatMap((found, index) => candidateSection(report, found, index, room)),
    ...(many === null ? [] : [`> ${many}`, ""]),
    `<sub>baseline: run ${code(report.baseline.run.id)}, ${code(agentText(report.baseline))} on ${code(report.baseline.run.model)}, dataset ${code(report.baseline.run.datasetPath)}</sub>`,
  ].join("\n")}\n`;
}

function candidateSection(
  report: ComparisonReport,
  found: CandidateComparison,
  index: number,
  room: number,
): string[] {
  const { baseline, level } = report;
  const primary = primaryOf(found);
  const sign = SIGN[primary?.verdict ?? "unknown"];
  const size = found.detectable === null ? "" : `; ${found.detectable.sentence}`;
  return [
    `## ${sign} agentctl compare: ${code(agentText(found.candidate))} against ${code(agentText(baseline))}`,
    "",
    ...(primary === undefined
      ? []
      : [
          `**${code(primary.metric)} ${stepText(primary)}: ${cell(primary.sentence)}.** ${plainMeaning(primary, level)}`,
          "",
        ]),
    ...(["worse", "better"] as const).flatMap((verdict) => otherLines(found, verdict)),
    ...found.reversals.map(({ message }) => `> **Simpson’s paradox:** ${cell(message)}\n`),
    ...(found.warnings.length === 0
      ? []
      : [...found.warnings.map(({ message }) => `> **Not clean:** ${cell(message)}  `), ""]),
    `Design: ${designText(found.design)}${size}.`,
    "",
    ...metricSection(found.metrics, level),
    ...distributionSection(found),
    ...sliceSection(found, level),
    ...caseSection(report, found, index, room),
    `<sub>candidate: run ${code(found.candidate.run.id)} on ${code(found.candidate.run.model)}</sub>`,
    "",
  ];
}

function otherLines(found: CandidateComparison, verdict: "worse" | "better"): string[] {
  const names = otherChanges(found, verdict);
  if (names.length === 0) return [];
  const more = names.length > MAX_NAMED ? `; and ${names.length - MAX_NAMED} more` : "";
  return [
    `${SIGN[verdict]} **${VERDICT_WORDS[verdict]}:** ${names.slice(0, MAX_NAMED).map(cell).join("; ")}${more}`,
    "",
  ];
}

function folded(summary: string, lines: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}

function metricSection(metrics: readonly MetricComparison[], level: number): string[] {
  const ordered = VERDICT_ORDER.flatMap((verdict) => metrics.filter((metric) => metric.verdict === verdict));
  const rows = ordered.map((metric) => {
    const { unit, difference, baseline, candidate, verdict } = metric;
    const limits = limitsText(difference, unit) || cell(difference.reason ?? "");
    const n =
      difference.n === difference.clusters ? `${difference.n}` : `${difference.n} in ${difference.clusters}`;
    return `| ${SIGN[verdict]} ${VERDICT_WORDS[verdict]} | ${code(metric.metric)} | ${amountText(baseline.value, unit)} | ${amountText(candidate.value, unit)} | ${changeText(difference.value, unit)} | ${limits} | ${pText(decidingP(metric))} | ${n} | ${cell(methodText(metric))} |`;
  });
  return folded(`${count(metrics.length, "metric")}`, [
    `| verdict | metric | baseline | candidate | difference | ${intervalTitle(level)} | p (Holm) | n | how |`,
    "|---|---|--:|--:|--:|---|--:|--:|---|",
    ...rows,
  ]);
}

function distributionSection({ distributions }: CandidateComparison): string[] {
  if (distributions.length === 0) return [];
  return folded("Time, cost and tokens as distributions", [
    "| measured | baseline n | candidate n | median | p95 | p (Holm) | verdict | test |",
    "|---|--:|--:|---|---|--:|---|---|",
    ...distributions.map((one) => {
      const step = (q: number) =>
        [one.baseline, one.candidate]
          .map((side) => amountText(side.quantiles.find((found) => found.q === q)?.value ?? null, one.unit))
          .join(" → ");
      return `| ${one.label} | ${one.baseline.n} | ${one.candidate.n} | ${step(0.5)} | ${step(0.95)} | ${pText(one.adjustedP)} | ${VERDICT_WORDS[one.verdict]} | ${cell(one.test.name)} |`;
    }),
  ]);
}

function sliceSection(found: CandidateComparison, level: number): string[] {
  const { slices, changes } = found;
  if (slices.length === 0) return [];
  const unit = primaryOf(found)?.unit ?? "proportion";
  const left = slices.length - MAX_SLICES;
  return folded(`${code(changes.metric)} on ${count(slices.length, "slice")}`, [
    `| slice | n | baseline | candidate | difference | ${intervalTitle(level)} | p (Holm) | verdict |`,
    "|---|--:|--:|--:|--:|---|--:|---|",
    ...slices
      .slice(0, MAX_SLICES)
      .map(
        ({ by, slice, baseline, candidate, difference, adjustedP, verdict }) =>
          `| ${by} ${code(slice)} | ${difference.n} | ${amountText(baseline, unit)} | ${amountText(candidate, unit)} | ${changeText(difference.value, unit)} | ${limitsText(difference, unit)} | ${pText(adjustedP)} | ${SIGN[verdict]} ${VERDICT_WORDS[verdict]} |`,
      ),
    ...(left > 0 ? ["", `${left} more are left out here.`] : []),
  ]);
}

function caseSection(
  report: ComparisonReport,
  { changes }: CandidateComparison,
  index: number,
  room: number,
): string[] {
  let used = 0;
  const list = (word: string, cases: readonly ChangedCase[]) => {
    if (cases.length === 0) return [];
    const lines: string[] = [];
    for (const [position, one] of cases.entries()) {
      const details = caseLines(report, one, index).join("\n");
      if (used + details.length > room) {
        lines.push(`${cases.length - position} more are left out here.`);
        break;
      }
      used += details.length;
      lines.push(details, "");
    }
    return folded(`${count(cases.length, "case")} ${word} on ${code(changes.metric)}`, lines);
  };
  return [...list("lost", changes.lost), ...list("won", changes.won)];
}

function caseLines({ cases }: ComparisonReport, { caseId }: ChangedCase, index: number): string[] {
  const text = cases[caseId];
  if (text === undefined) return [`- ${code(caseId)}`];
  const candidate = text.candidates[index] ?? null;
  const lines = [
    `asked      ${text.input ?? "(holdout case: its text is not shown)"}`,
    ...cameLines("baseline ", text.baseline, text.isHoldout),
    ...cameLines("candidate", candidate, text.isHoldout),
    ...[text.baseline, candidate]
      .filter((trial) => trial !== null)
      .map((trial) => `trace      ${traceCommand(trial.runId, caseId, trial.trial)}`),
  ].map((line) => clip(plainText(line), MAX_TEXT_CHARACTERS));
  return [`**${code(caseId)}**`, "", `<pre>${escapeHtml(lines.join("\n"))}</pre>`];
}

function cameLines(name: string, trial: ChangedTrial | null, isHoldout: boolean): string[] {
  if (trial === null) return [`${name}  no trial`];
  if (isHoldout) return [];
  const answer = trial.answer === null ? "no answer" : trial.answer;
  return [`${name}  ${answer}`, ...trial.failures.map((failure) => `why        ${failure}`)];
}
