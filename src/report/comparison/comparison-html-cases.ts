import type { CandidateComparison, ChangedCase } from "../../comparison/comparison.js";
import { formatAmount } from "../../comparison/sentences.js";
import { escapeHtml } from "../escape-html.js";
import { formatCost, formatDuration, traceCommand } from "../format.js";
import { clip, plainText } from "../plain-text.js";
import type { ChangedTrial, ComparisonReport } from "./comparison-report.js";
import { count, primaryOf } from "./comparison-words.js";

const MAX_TEXT_CHARACTERS = 3_000;
const MAX_TOOLS = 40;

/** How the trace of a trial is found, as HTML. */
export type TraceHtml = (runId: string, caseId: string, trial: number) => string;

/** By the command that shows it. */
export const traceCommandHtml: TraceHtml = (runId, caseId, trial) =>
  `<pre>${escapeHtml(traceCommand(runId, caseId, trial))}</pre>`;

/** The lost and the won cases, each folded, with what came in both runs side by side. */
export function casesHtml(
  report: ComparisonReport,
  found: CandidateComparison,
  index: number,
  suffix: string,
  traceHtml: TraceHtml,
): string {
  const { lost, won, metric } = found.changes;
  const list = (word: string, cases: readonly ChangedCase[]) =>
    cases.length === 0
      ? ""
      : `<h3>${count(cases.length, "case")} ${word}</h3>${cases.map((one) => caseHtml(report, found, one, index, word, traceHtml)).join("\n")}`;
  const none =
    lost.length + won.length === 0
      ? `<p>No case changed its outcome on <code>${escapeHtml(metric)}</code>.</p>`
      : "";
  return `<section id="cases-${index}"><h2>Changed cases${suffix}</h2>${none}${list("lost", lost)}${list("won", won)}</section>`;
}

function caseHtml(
  report: ComparisonReport,
  found: CandidateComparison,
  { caseId, baseline, candidate }: ChangedCase,
  index: number,
  word: string,
  traceHtml: TraceHtml,
): string {
  const unit = primaryOf(found)?.unit ?? "score";
  const text = report.cases[caseId];
  const input = text?.isHoldout === true ? "(holdout case: its text is not shown)" : (text?.input ?? "");
  const tags = [...(text?.risk == null ? [] : [`risk ${text.risk}`]), ...(text?.tags ?? [])].map(
    (tag) => `<span class="tag">${escapeHtml(tag)}</span>`,
  );
  const body =
    text === undefined
      ? "<p>Its texts are left out: there are too many such cases.</p>"
      : `<p class="asked-text">${escapeHtml(shown(input))}</p><div class="sides">${sideHtml("baseline", caseId, text.baseline, text.isHoldout, traceHtml)}${sideHtml("candidate", caseId, text.candidates[index] ?? null, text.isHoldout, traceHtml)}</div>`;
  const pill = word === "lost" ? "worse" : "better";
  return `<details class="case changed"><summary><span class="pill ${pill}">${word}</span><span class="what"><span class="id">${escapeHtml(caseId)}</span> <span class="asked">${escapeHtml(clip(plainText(input).replace(/\s+/g, " "), 140))}</span></span><span class="side">${formatAmount(baseline, unit)} → ${formatAmount(candidate, unit)} ${tags.join("")}</span></summary><div class="body">${body}</div></details>`;
}

function sideHtml(
  name: string,
  caseId: string,
  trial: ChangedTrial | null,
  isHoldout: boolean,
  traceHtml: TraceHtml,
): string {
  if (trial === null) return `<div><h4>${name}</h4><p>no trial</p></div>`;
  const failures =
    isHoldout || trial.failures.length === 0
      ? ""
      : `<ul>${trial.failures.map((failure) => `<li>${escapeHtml(shown(failure))}</li>`).join("")}</ul>`;
  const answer = isHoldout
    ? ""
    : `<p>${trial.answer === null ? "no answer" : escapeHtml(shown(trial.answer))}</p>`;
  const { toolCalls } = trial;
  const more = toolCalls.length > MAX_TOOLS ? `, and ${toolCalls.length - MAX_TOOLS} more` : "";
  const tools =
    toolCalls.length === 0
      ? ""
      : `<p class="facts">tools: ${escapeHtml(runsOf(toolCalls.slice(0, MAX_TOOLS)))}${more}</p>`;
  const facts = `<p class="facts">trial ${trial.trial} · ${formatDuration(trial.durationMs)} · cost ${formatCost(trial.costUsd)}</p>`;
  return `<div><h4>${name}</h4>${failures}${answer}${tools}${facts}${traceHtml(trial.runId, caseId, trial.trial)}</div>`;
}

function shown(text: string): string {
  return clip(plainText(text), MAX_TEXT_CHARACTERS);
}

/** `search ×3, book`: calls of one tool in a row stand once. */
function runsOf(names: readonly string[]): string {
  const runs: { name: string; times: number }[] = [];
  for (const name of names) {
    const last = runs.at(-1);
    if (last?.name === name) last.times += 1;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : `${name} ×${times}`)).join(", ");
}
