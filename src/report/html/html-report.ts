import { scriptJson } from "../escape-html.js";
import { hideHoldout, hideHoldoutTraces } from "../hide-holdout.js";
import type { RunReport, TraceLoader } from "../run-report.js";
import { type PageData, type PageLimits, pageData } from "./html-data.js";
import { estimatesHtml } from "./html-estimates.js";
import { htmlPage } from "./html-page.js";
import { PAGE_SCRIPT } from "./html-script.js";
import { PAGE_STYLE } from "./html-style.js";
import { provenanceHtml, summaryHtml } from "./html-summary.js";

const LIMITS: PageLimits = { maxTraces: 500, maxTraceCharacters: 8_000_000, maxTextCharacters: 4_000 };

/**
 * The run as one HTML page that needs nothing else: no network, no server. Its content security policy lets run
 * only the script and the style that stand here, by their hashes.
 */
export function renderHtml(report: RunReport, traces: TraceLoader, limits: PageLimits = LIMITS): string {
  const shown = hideHoldout(report);
  const data = pageData(shown, hideHoldoutTraces(report, traces), limits);
  return htmlPage({
    title: `${shown.run.suite} · ${shown.gate?.verdict ?? "run"} · ${shown.run.id}`,
    style: PAGE_STYLE,
    script: PAGE_SCRIPT,
    main: [summaryHtml(shown), casesHtml(data), estimatesHtml(shown), provenanceHtml(shown)],
    data: [
      `<script type="application/json" id="cases">${scriptJson(data.cases)}</script>`,
      `<script type="application/json" id="words">${scriptJson(data.words)}</script>`,
      ...[...data.traces].map(
        ([id, trace]) => `<script type="application/json" id="${id}">${scriptJson(trace)}</script>`,
      ),
    ],
  });
}

function casesHtml(data: PageData): string {
  const cap =
    data.traces.size < data.badTrials
      ? `<p class="hint">This page holds the traces of ${data.traces.size} of ${data.badTrials} trials that failed or could not be executed; <code>agentctl trace</code> shows the others.</p>`
      : "";
  return `<section id="case-list"><h2>Cases</h2>${cap}
<noscript><p>The list of cases needs JavaScript; the rest of the page does not.</p></noscript>
<div class="filters"><div class="group" id="outcomes" role="group" aria-label="Outcome"></div>
<select id="tag" aria-label="Tag"><option value="">All tags</option></select>
<input id="search" type="search" placeholder="Search ids, questions, answers, reasons" aria-label="Search"></div>
<p id="count" role="status"></p><div id="list"></div><button class="more" id="more" type="button" hidden></button></section>`;
}
