import type { CandidateComparison, ChangedCase } from "../../comparison/comparison.js";
import { formatAmount } from "../../comparison/sentences.js";
import { traceCommand } from "../format.js";
import { oneLine } from "../plain-text.js";
import type { Paint } from "../text-style.js";
import type { ChangedTrial, ComparisonReport } from "./comparison-report.js";
import { count, primaryOf } from "./comparison-words.js";

const MAX_CASES = 10;
const LABEL = 11;
const MAX_FAILURES = 2;

/** The lost cases, then the won ones: what was asked, what came in both runs, and how to see more. */
export function changedCaseLines(
  report: ComparisonReport,
  found: CandidateComparison,
  index: number,
  paint: Paint,
  width: number,
): string[] {
  const { lost, won, metric } = found.changes;
  const list = (title: string, mark: string, cases: readonly ChangedCase[]) => {
    if (cases.length === 0) return [];
    const cut = cases.length > MAX_CASES ? `, the first ${MAX_CASES} are:` : "";
    return [
      "",
      paint(`${count(cases.length, "case")} ${title}${cut}`, "bold"),
      ...cases
        .slice(0, MAX_CASES)
        .flatMap((one) => caseLines(report, found, one, index, `${mark} `, paint, width)),
      ...(cases.length > MAX_CASES
        ? [paint(`and ${cases.length - MAX_CASES} more: --output FILE.html shows them`, "dim")]
        : []),
    ];
  };
  if (lost.length === 0 && won.length === 0)
    return ["", `No case changed its outcome on ${oneLine(metric, 60)}.`];
  return [
    ...list(`lost on ${oneLine(metric, 60)}`, "✗", lost),
    ...list(`won on ${oneLine(metric, 60)}`, "✓", won),
  ];
}

function caseLines(
  report: ComparisonReport,
  found: CandidateComparison,
  changed: ChangedCase,
  index: number,
  mark: string,
  paint: Paint,
  width: number,
): string[] {
  const { caseId } = changed;
  const text = report.cases[caseId];
  const unit = primaryOf(found)?.unit ?? "score";
  const facts = [
    `${formatAmount(changed.baseline, unit)} → ${formatAmount(changed.candidate, unit)}`,
    ...(text?.risk == null ? [] : [`risk ${text.risk}`]),
    ...(text === undefined || text.tags.length === 0 ? [] : [text.tags.join(", ")]),
  ].join(" · ");
  const id = oneLine(caseId, 60);
  const lines = [
    `${paint(`${mark}${id}`, mark.startsWith("✗") ? "red" : "green")}  ${paint(oneLine(facts, Math.max(16, width - id.length - 4)), "dim")}`,
  ];
  if (text === undefined) return lines;
  const add = (label: string, value: string) =>
    lines.push(`  ${paint(label.padEnd(LABEL), "dim")}${oneLine(value, width - LABEL - 2)}`);
  add("asked", text.input ?? "(holdout case: its text is not shown)");
  const sides = [
    { name: "baseline", trial: text.baseline },
    { name: "candidate", trial: text.candidates[index] ?? null },
  ];
  for (const { name, trial } of sides) for (const line of cameOf(trial, text.isHoldout)) add(name, line);
  for (const { trial } of sides) {
    // Not cut: half a command cannot be copied.
    if (trial !== null) {
      lines.push(`  ${paint("trace".padEnd(LABEL), "dim")}${traceCommand(trial.runId, caseId, trial.trial)}`);
    }
  }
  return lines;
}

function cameOf(trial: ChangedTrial | null, isHoldout: boolean): string[] {
  if (trial === null) return ["no trial"];
  if (isHoldout) return [];
  if (trial.failures.length > 0) return trial.failures.slice(0, MAX_FAILURES);
  return [trial.answer === null ? "no answer" : `“${trial.answer}”`];
}
