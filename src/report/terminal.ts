import type { Estimate } from "../core/score.js";
import { caseOutcome, type Outcome, trialOutcome, trialsPassed, worstFirst } from "./case-outcome.js";
import { expectationLines, inputText } from "./case-text.js";
import { counted } from "./counted.js";
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
import { gateLines, noteLines, verdictLines } from "./gate-text.js";
import { hideHoldout, isHoldout } from "./hide-holdout.js";
import { missingValues } from "./missing-values.js";
import { noticesOf } from "./notices.js";
import { oneLine } from "./plain-text.js";
import type { CaseReport, RunReport, TrialReport } from "./run-report.js";
import { runningHint } from "./running-hint.js";
import { type Paint, painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";

const MAX_CASES = 10;
const LABEL = 10;

/** What `agentctl eval` ends with: estimates, cases that did not pass, gates, cost, duration, verdict. */
export function renderSummary(report: RunReport, style: TextStyle): string {
  const shown = hideHoldout(report);
  const paint = painter(style);
  const width = widthOf(style);
  return [
    ...headLines(shown, paint, width),
    "",
    ...estimateLines(shown, paint, width),
    ...failureLines(shown, paint, width),
    ...(shown.gate === null ? [] : ["", ...gateLines(shown.gate, paint, width)]),
    "",
    ...totalLines(shown, paint),
    ...(shown.gate === null ? [] : verdictLines(shown.gate, paint, width)),
    ...noteLines(notesOfGate(shown), paint, width),
  ].join("\n");
}

/** The notes of the run stand above the estimates already. */
function notesOfGate({ gate, run }: RunReport): readonly string[] {
  return gate === null ? [] : gate.notes.filter((note) => !run.notes.includes(note));
}

function headLines(report: RunReport, paint: Paint, width: number): string[] {
  const { run, totals } = report;
  const agent = `${run.agentName}@${shortHash(run.agentVersion)} on ${run.provider}/${run.model}`;
  const dataset = `${run.datasetPath}@${shortHash(run.datasetHash)}, ${counted(totals.planned, "trial")}, seed ${run.seed}`;
  return [
    `${paint(run.suite, "bold")} · run ${run.id}`,
    paint(`${oneLine(agent, 200)} · ${oneLine(dataset, 200)}`, "dim"),
    ...noticesOf(report).flatMap((notice) => wrap(notice, width).map((line) => paint(line, "yellow"))),
  ];
}

function estimateLines(report: RunReport, paint: Paint, width: number): string[] {
  const level = report.estimates[0]?.level;
  const [titles, ...lines] = textTable(
    [
      { title: "metric" },
      { title: "estimate", align: "right" },
      { title: level === undefined ? "interval" : `${formatLevel(level)} interval` },
      { title: "n", align: "right" },
      { title: "method" },
      { title: "not scored", align: "right" },
    ],
    report.estimates.filter((estimate) => estimate.value !== null).map(estimateCells),
  );
  return [paint(titles ?? "", "dim"), ...lines, ...missingLines(report, paint, width)];
}

function estimateCells(estimate: Estimate): string[] {
  const unscored = unscoredCount(estimate);
  const hasClusters = estimate.clusters < estimate.n;
  return [
    estimate.metric,
    formatValue(estimate),
    formatInterval(estimate),
    String(estimate.n),
    hasClusters ? `${estimate.method}, ${estimate.clusters} clusters` : estimate.method,
    unscored === 0 ? "" : String(unscored),
  ];
}

function missingLines(report: RunReport, paint: Paint, width: number): string[] {
  return missingValues(report.estimates).flatMap(({ reason, metrics }) =>
    wrap(`no value: ${metrics.join(", ")} (${reason})`, width - 2).map((line, index) =>
      paint(index === 0 ? line : `  ${line}`, "dim"),
    ),
  );
}

function failureLines(report: RunReport, paint: Paint, width: number): string[] {
  const bad = worstFirst(report.cases).filter((one) => isBad(caseOutcome(one)));
  if (bad.length === 0) return [];
  const cut = bad.length > MAX_CASES ? `, the first ${MAX_CASES} are:` : "";
  const lines = ["", paint(`${bad.length} of ${report.cases.length} cases did not pass${cut}`, "bold")];
  for (const one of bad.slice(0, MAX_CASES)) lines.push(...caseLines(report, one, paint, width));
  if (bad.length > MAX_CASES) {
    lines.push(paint(`and ${bad.length - MAX_CASES} more: the HTML report shows them all`, "dim"));
  }
  return lines;
}

function isBad(outcome: Outcome): boolean {
  return outcome === "failed" || outcome === "error" || outcome === "not run";
}

function caseLines(report: RunReport, one: CaseReport, paint: Paint, width: number): string[] {
  const outcome = caseOutcome(one);
  const { goldenCase } = one;
  const facts = [
    trialsPassed(one),
    goldenCase.risk === null ? null : `risk ${goldenCase.risk}`,
    goldenCase.tags.length === 0 ? null : goldenCase.tags.join(", "),
  ].filter((fact) => fact !== null);
  const mark = outcome === "failed" ? "✗" : "!";
  const shown = oneLine(goldenCase.id, 60);
  const lines = [
    `${paint(`${mark} ${shown}`, outcome === "failed" ? "red" : "yellow")}  ${paint(oneLine(facts.join(" · "), width - shown.length - 4), "dim")}`,
  ];
  const trial = one.trials.find((candidate) => trialOutcome(candidate) === outcome);
  const add = (label: string, text: string) => {
    if (text !== "") lines.push(`  ${paint(label.padEnd(LABEL), "dim")}${oneLine(text, width - LABEL - 2)}`);
  };
  add("asked", inputText(goldenCase.input));
  if (isHoldout(one)) return lines;
  for (const line of expectationLines(goldenCase)) add("expected", line);
  if (trial === undefined) return lines;
  add("came", cameOf(trial));
  for (const failure of trial.failures.slice(0, 3)) add("why", failure);
  if (trial.failures.length > 3) add("", `and ${trial.failures.length - 3} more`);
  lines.push(
    `  ${paint("trace".padEnd(LABEL), "dim")}${traceCommand(report.run.id, goldenCase.id, trial.trial)}`,
  );
  return lines;
}

function cameOf(trial: TrialReport): string {
  if (trial.error !== null) return `${trial.error.code}: ${trial.error.message}`;
  return trial.answer ?? `no answer (${trial.stopReason})`;
}

function totalLines({ totals, run }: RunReport, paint: Paint): string[] {
  const hint = runningHint([run]);
  const unscored = totals.completed - totals.passed - totals.failed;
  const missing = totals.planned - totals.completed - totals.errors;
  const counts = [
    paint(`${totals.passed} passed`, "green"),
    totals.failed > 0 ? paint(`${totals.failed} failed`, "red") : "0 failed",
    totals.errors > 0 ? paint(`${totals.errors} in error`, "red") : "0 in error",
    unscored > 0 ? `${unscored} not scored` : null,
    missing > 0 ? paint(`${missing} not run (${run.status})`, "yellow") : null,
  ].filter((count) => count !== null);
  return [
    `Trials: ${counts.join(", ")} of ${totals.planned}`,
    `Cost: ${formatCost(totals.costUsd)}${costNote(totals)} · duration ${formatRunDuration({ run, totals })}`,
    // Not wrapped: a command that is broken over two lines cannot be copied.
    ...(hint === null ? [] : [hint]),
  ];
}

/** What to do with a run that ended before its plan did. */
export function renderStopped({ run, totals }: RunReport): string {
  const missing = Math.max(0, totals.planned - totals.completed - totals.errors);
  return [
    `Stopped (${run.status}): ${missing} of ${totals.planned} trials were not run; finished ones are stored.`,
    `Go on with: agentctl eval --resume ${run.id}`,
  ].join("\n");
}
