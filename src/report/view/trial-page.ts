import type { AgentEvent } from "../../core/events.js";
import type { RunHeader } from "../../core/run.js";
import { caseOutcome, trialOutcome } from "../case-outcome.js";
import { escapeHtml } from "../escape-html.js";
import type { Failure } from "../failures/classify-failure.js";
import { isHoldout } from "../hide-holdout.js";
import { PAGE_STYLE } from "../html/html-style.js";
import { packed, packedElement } from "../html/packed.js";
import { pageCase, WordList } from "../html/page-case.js";
import { LABELS } from "../html/page-data.js";
import { pageText } from "../html/page-text.js";
import { REPORT_STYLE } from "../html/report-style.js";
import { CASE_VIEW_SCRIPT } from "../html/script/case-view-script.js";
import { CHANGE_VIEW_SCRIPT } from "../html/script/change-view-script.js";
import { DOM_SCRIPT } from "../html/script/dom-script.js";
import type { CaseReport } from "../run-report.js";
import type { ViewPage } from "./view-frame.js";
import { casePath, linkHtml, runPath, trialPath } from "./view-links.js";

const MOST_TEXT = 20_000;
const MOST_EVENTS = 500;
const MOST_PAYLOAD = 4_000;

/** One trial of a case, and the others of the same run. */
export interface TrialView {
  readonly run: RunHeader;
  /** With the texts of a holdout case taken out, and the trial that is shown alone. */
  readonly shown: CaseReport;
  readonly failure: Failure | null;
  /** Numbers of all trials of the case in the run. */
  readonly trials: readonly number[];
  /** Empty for a holdout case. */
  readonly events: readonly AgentEvent[];
}

const SCRIPT = `"use strict";(() => {${DOM_SCRIPT}${CHANGE_VIEW_SCRIPT}${CASE_VIEW_SCRIPT}
async function start() {
  const { cases: [one], words, metrics, labels, servedAt } = await unpack("cases");
  const from = served(servedAt);
  const page = { words, metrics, labels, loadTrace: () => null, served: { trace: from.trace, links: () => make("span", "") } };
  document.getElementById("trial").replaceChildren(...trialView(one, one.trials[0], page));
  document.documentElement.dataset.ready = "true";
}
start();
})();`;

/** The trace of one trial: what the report of the run shows of it, and every event. */
export function trialPage({ run, shown, failure, trials, events }: TrialView): ViewPage {
  const { goldenCase } = shown;
  const [trial] = shown.trials;
  const words = new WordList();
  const metrics = Object.keys(trial?.scores ?? {});
  const context = { runId: run.id, metrics, words, max: MOST_TEXT };
  const one = pageCase(shown, [{ failure, trace: null }], null, context);
  const index = { cases: [one], words: words.all(), metrics, labels: LABELS, servedAt: runPath(run.id) };
  const outcome = trial === undefined ? caseOutcome(shown) : trialOutcome(trial);
  const tabs = trials.map(
    (n) =>
      `<a href="${escapeHtml(trialPath(run.id, goldenCase.id, n))}"${n === trial?.trial ? ' aria-current="page"' : ""}>Trial ${n}</a>`,
  );
  return {
    title: `${goldenCase.id} · ${run.id} · agentctl view`,
    style: `${PAGE_STYLE}${REPORT_STYLE}`,
    script: SCRIPT,
    place: "runs",
    above: [
      { path: "/", text: "Runs" },
      { path: runPath(run.id), text: run.id },
    ],
    data: [packedElement("cases", packed(index))],
    main: [
      `<div class="page-head"><h1>${escapeHtml(goldenCase.id)}</h1><p><span class="pill ${outcome.replace(" ", "-")}">${outcome}</span> trial ${trial?.trial ?? 0} · ${linkHtml(casePath(goldenCase.id, { suite: run.suite }), "this case in other runs")}</p></div>`,
      ...(trials.length > 1
        ? [`<nav class="tabs" aria-label="Trials of this case">${tabs.join("")}</nav>`]
        : []),
      '<noscript><p class="notice">The trace needs JavaScript; the events below do not.</p></noscript>',
      '<section id="trial" aria-label="Trial"></section>',
      eventsHtml(events, isHoldout(shown)),
    ],
  };
}

function eventsHtml(events: readonly AgentEvent[], isHidden: boolean): string {
  if (isHidden) return '<p class="hint">The events of a holdout case are not shown.</p>';
  const items = events.slice(0, MOST_EVENTS).map((event, index) => {
    const { event_type: type, ...rest } = event;
    const text = pageText(JSON.stringify(rest, null, 2), MOST_PAYLOAD);
    return `<details><summary>${index} <code>${escapeHtml(type)}</code></summary><pre tabindex="0">${escapeHtml(text)}</pre></details>`;
  });
  const more =
    events.length > MOST_EVENTS
      ? `<p class="hint">The first ${MOST_EVENTS} of ${events.length} are shown.</p>`
      : "";
  return `<section class="events" aria-labelledby="events-title"><h2 id="events-title">Events (${events.length})</h2>${more}${items.join("\n")}</section>`;
}
