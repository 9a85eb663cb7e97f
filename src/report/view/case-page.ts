import { formatAmount } from "../../comparison/sentences.js";
import type { GoldenCase } from "../../core/golden-case.js";
import type { RunHeader } from "../../core/run.js";
import type { MetricUnit, Score } from "../../core/score.js";
import type { Outcome } from "../case-outcome.js";
import { expectationLines, inputText } from "../case-text.js";
import { escapeHtml } from "../escape-html.js";
import { formatCost, formatDuration, shortHash } from "../format.js";
import { PAGE_STYLE } from "../html/html-style.js";
import { pageText } from "../html/page-text.js";
import { CHANGE_VIEW_SCRIPT } from "../html/script/change-view-script.js";
import { DOM_SCRIPT } from "../html/script/dom-script.js";
import { figure } from "../plots/plot-keys.js";
import { PLOT_STYLE } from "../plots/plot-style.js";
import { tickFormat } from "../plots/tick-format.js";
import { trendChart } from "../plots/trend-chart.js";
import { tagHtml, timeText } from "./run-row.js";
import { pager } from "./runs-page.js";
import type { ViewPage } from "./view-frame.js";
import { casePath, linkHtml, optionsHtml, runPath, trialPath } from "./view-links.js";

const MOST_TEXT = 8_000;

/** One trial of the case, as its row says. */
interface CaseTrial {
  readonly trial: number;
  readonly outcome: Outcome;
  readonly scores: { readonly [metric: string]: Score };
  readonly durationMs: number | null;
  readonly costUsd: number | null;
}

/** The case in one run. */
export interface CaseInRun {
  readonly run: Pick<RunHeader, "id" | "createdAt" | "status" | "agentName" | "agentVersion" | "tags">;
  /** Content hash of the case; `null` when the plan does not name it. */
  readonly hash: string | null;
  readonly trials: readonly CaseTrial[];
}

/** What the agent said in one of two runs. */
export interface CaseAnswer {
  readonly runId: string;
  readonly trial: number;
  readonly outcome: Outcome;
  /** `null` for none, and for that of a holdout case. */
  readonly answer: string | null;
  readonly failures: readonly string[];
  readonly tools: readonly string[];
}

/** One case over the runs of a suite. */
export interface CaseHistory {
  readonly caseId: string;
  readonly suite: string;
  /** Suites in which it was run. */
  readonly suites: readonly string[];
  /** As it was in the newest of these runs, without the texts of a holdout case; `null` when the store lost it. */
  readonly goldenCase: GoldenCase | null;
  /** Newest first. */
  readonly runs: readonly CaseInRun[];
  readonly total: number;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  /** Metric of the chart. */
  readonly metric: string;
  readonly unit: MetricUnit;
  /** Metrics that a trial here has a number of. */
  readonly metrics: readonly string[];
  /** The older one first; `null` when there is but one run. */
  readonly answers: readonly [CaseAnswer, CaseAnswer] | null;
}

const SCRIPT = `"use strict";(() => {${DOM_SCRIPT}${CHANGE_VIEW_SCRIPT}
const [before, after] = [document.getElementById("before"), document.getElementById("after")];
if (before && after) {
  const [left, right] = markedAnswers(before.textContent, after.textContent);
  before.replaceChildren(...left);
  after.replaceChildren(...right);
}
for (const select of document.querySelectorAll("#asks select")) select.addEventListener("change", () => select.form.requestSubmit());
document.documentElement.dataset.ready = "true";
})();`;

export function casePage(history: CaseHistory): ViewPage {
  const { caseId, suite, runs, total } = history;
  const count = `${total} ${total === 1 ? "run" : "runs"} of ${suite}`;
  return {
    title: `${caseId} in all runs · agentctl view`,
    style: `${PAGE_STYLE}${PLOT_STYLE}`,
    script: SCRIPT,
    place: "runs",
    above: [{ path: "/", text: "Runs" }],
    data: [],
    main: [
      `<div class="page-head"><h1>${escapeHtml(caseId)}</h1><p>${escapeHtml(count)}</p></div>`,
      ...changeNotices(history),
      contentHtml(history),
      formHtml(history),
      chartHtml(history),
      `<form action="${escapeHtml(casePath(caseId))}" method="get">${hidden(history)}${runsTable(history)}${runs.length > 1 ? '<p><button class="view-button" type="submit">Compare the answers of before and after</button></p>' : ""}</form>`,
      pager(history.page, Math.ceil(total / history.perPage), (page) =>
        casePath(caseId, { suite, metric: history.metric, page: String(page) }),
      ),
      answersHtml(history),
    ],
  };
}

/** Where the content of the case differs between runs that follow each other, the newer run is named. */
function changedRuns({ runs }: CaseHistory): ReadonlySet<string> {
  return new Set(
    runs.flatMap(({ run, hash }, index) => {
      const before = runs[index + 1];
      return before !== undefined && before.hash !== hash ? [run.id] : [];
    }),
  );
}

function changeNotices(history: CaseHistory): readonly string[] {
  const changed = [...changedRuns(history)];
  if (changed.length === 0) return [];
  const times = changed.length === 1 ? "once" : `${changed.length} times`;
  return [
    `<p class="notice">The content of this case changed ${times} in these runs, with ${changed.map((id) => linkHtml(runPath(id), id)).join(", ")}: results before and after are of different questions.</p>`,
  ];
}

function contentHtml({ goldenCase }: CaseHistory): string {
  if (goldenCase === null) return '<p class="hint">The content of the case is not in the store.</p>';
  const { split, risk, group, id, tags } = goldenCase;
  const facts = [
    split,
    ...(risk === null ? [] : [`risk ${risk}`]),
    ...(group === id ? [] : [`group ${group}`]),
  ];
  const expected = expectationLines(goldenCase).map((line) => `<li>${textHtml(line)}</li>`);
  const list =
    expected.length === 0
      ? ""
      : `<details><summary>Expected</summary><ul>${expected.join("")}</ul></details>`;
  return `<section aria-label="Content"><p class="facts">${escapeHtml(facts.join(" · "))} ${tags.map(tagHtml).join("")}</p><p class="input">${textHtml(inputText(goldenCase.input))}</p>${list}</section>`;
}

function formHtml({ caseId, suite, suites, metric, metrics }: CaseHistory): string {
  const known = metrics.includes(metric) ? metrics : [metric, ...metrics];
  const choice =
    suites.length < 2
      ? `<input type="hidden" name="suite" value="${escapeHtml(suite)}">`
      : `<label>Suite<select name="suite">${optionsHtml(suites, suite)}</select></label>`;
  return `<form class="asks" id="asks" action="${escapeHtml(casePath(caseId))}" method="get">${choice}<label>Metric<select name="metric">${optionsHtml(known, metric)}</select></label><button class="view-button" type="submit">Show</button></form>`;
}

function hidden({ suite, metric, page }: CaseHistory): string {
  return Object.entries({ suite, metric, page: String(page) })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join("");
}

/** The mean over the trials of one run; `null` when none has the score. */
function meanOf({ trials }: CaseInRun, metric: string): number | null {
  const values = trials.flatMap(({ scores }) =>
    Object.hasOwn(scores, metric) ? (scores[metric]?.value ?? []) : [],
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function chartHtml(history: CaseHistory): string {
  const { metric, unit } = history;
  const oldestFirst = [...history.runs].reverse();
  if (oldestFirst.length < 2) return "";
  const marks = oldestFirst.map((one, index) => {
    const value = meanOf(one, metric);
    const shown = value === null ? "none" : formatAmount(value, unit);
    return {
      label: `${timeText(one.run.createdAt).slice(5)}: run ${one.run.id}, ${shown}`,
      value,
      lower: null,
      upper: null,
      begins:
        oldestFirst[index - 1]?.run.agentVersion === one.run.agentVersion
          ? null
          : `@${shortHash(one.run.agentVersion)}`,
      isBaseline: one.run.tags.includes("main"),
    };
  });
  const most = Math.max(0, ...marks.map(({ value }) => value ?? 0));
  return figure(
    `${metric} of this case`,
    "Oldest run to the left; the mean over the trials of a run. Dotted lines mark a new agent version.",
    `<div class="scroll" tabindex="0" role="group" aria-label="Chart of ${escapeHtml(metric)}">${trendChart(
      marks,
      {
        title: `${metric} of ${history.caseId}`,
        description: marks.map(({ label }) => label).join("; "),
        formatY: tickFormat(unit, most),
        limits: [],
        mostY: unit === "proportion" ? 1 : null,
      },
    )}</div>`,
  );
}

function runsTable(history: CaseHistory): string {
  const { runs, caseId, metric, unit, answers } = history;
  const changed = changedRuns(history);
  const radio = (name: string, label: string, runId: string, isOn: boolean) =>
    `<td class="pick"><input type="radio" name="${name}" value="${escapeHtml(runId)}"${isOn ? " checked" : ""} aria-label="${label}: ${escapeHtml(runId)}"></td>`;
  const rows = runs.map((one) => {
    const { run, trials, hash } = one;
    const outcomes = trials.map(
      ({ trial, outcome }) =>
        `<span class="trial"><a href="${escapeHtml(trialPath(run.id, caseId, trial))}" aria-label="Trace of trial ${trial}: ${outcome}"><span class="pill ${outcome.replace(" ", "-")}">${outcome}</span></a></span>`,
    );
    const value = meanOf(one, metric);
    const content = `<code>${hash === null ? "unknown" : escapeHtml(shortHash(hash))}</code>${changed.has(run.id) ? ' <span class="pill changed">changed</span>' : ""}`;
    const picks =
      runs.length < 2
        ? ""
        : `${radio("before", "before", run.id, answers?.[0].runId === run.id)}${radio("after", "after", run.id, answers?.[1].runId === run.id)}`;
    return `<tr>${picks}<th scope="row">${linkHtml(runPath(run.id), run.id)}<small>${escapeHtml(timeText(run.createdAt))} UTC</small>${run.tags.map(tagHtml).join("")}</th><td>${outcomes.join("")}</td><td class="num">${value === null ? "none" : formatAmount(value, unit)}</td><td>${escapeHtml(run.agentName)}@<code>${escapeHtml(shortHash(run.agentVersion))}</code></td><td>${content}</td><td class="num">${totalsHtml(trials)}</td></tr>`;
  });
  const picks =
    runs.length < 2 ? "" : '<th scope="col" class="pick">before</th><th scope="col" class="pick">after</th>';
  return `<div class="scroll" tabindex="0" role="group" aria-label="Runs of this case"><table class="history"><caption class="unseen">The case in each run, newest first</caption><thead><tr>${picks}<th scope="col">run</th><th scope="col">trials</th><th scope="col" class="num">${escapeHtml(metric)}</th><th scope="col">agent</th><th scope="col">content</th><th scope="col" class="num">time, cost</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

function totalsHtml(trials: readonly CaseTrial[]): string {
  const sum = (values: readonly (number | null)[]) =>
    values.length === 0 || values.includes(null)
      ? null
      : values.reduce<number>((total, value) => total + (value ?? 0), 0);
  return `${formatDuration(sum(trials.map((one) => one.durationMs)))}<small>${formatCost(sum(trials.map((one) => one.costUsd)))}</small>`;
}

function answersHtml({ answers, goldenCase, caseId }: CaseHistory): string {
  if (answers === null) return "";
  if (goldenCase?.split === "holdout") {
    return '<section aria-labelledby="answers-title"><h2 id="answers-title">Answers</h2><p class="hint">The answers to a holdout case are not shown.</p></section>';
  }
  const side = (id: string, title: string, one: CaseAnswer) => {
    const failures = one.failures.map((failure) => `<li>${textHtml(failure)}</li>`).join("");
    const answer =
      one.answer === null
        ? '<p class="hint">no answer</p>'
        : `<p class="answer" id="${id}">${textHtml(one.answer)}</p>`;
    const tools =
      one.tools.length === 0 ? "" : `<p class="hint">tools: ${textHtml(one.tools.join(", "))}</p>`;
    return `<div><h3>${title}: ${linkHtml(trialPath(one.runId, caseId, one.trial), `${one.runId}, trial ${one.trial}`)} <span class="pill ${one.outcome.replace(" ", "-")}">${one.outcome}</span></h3>${failures === "" ? "" : `<ul>${failures}</ul>`}${answer}${tools}</div>`;
  };
  return `<section aria-labelledby="answers-title"><h2 id="answers-title">Answers</h2><div class="two">${side("before", "Before", answers[0])}${side("after", "After", answers[1])}</div></section>`;
}

function textHtml(text: string): string {
  return escapeHtml(pageText(text, MOST_TEXT));
}
