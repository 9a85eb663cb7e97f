import type { PageCounts } from "./page-data.js";

/**
 * The place of the list of cases, which the page's script fills, and what the page left out.
 *
 * @param runId - for the command that shows what was left out; `null` where a server has it all
 */
export function casesHtml(counts: PageCounts, runId: string | null): string {
  const left = runId === null ? [] : leftOutOf(counts, runId);
  const hint = left.length === 0 ? "" : `<p class="hint" id="left-out">${left.join(" ")}</p>`;
  return `<section id="case-list" aria-labelledby="cases-title"><h2 id="cases-title">Cases</h2>${hint}
<noscript><p class="notice">The list of cases needs JavaScript; the rest of the page does not.</p></noscript>
<div class="filters" role="search" aria-label="Filter cases"><div class="group" id="outcomes" role="group" aria-label="Outcome"></div>
<select id="kind" aria-label="Kind of failure" hidden><option value="">All kinds of failure</option></select>
<select id="tag" aria-label="Tag" hidden><option value="">All tags</option></select>
<select id="change" aria-label="Change against the baseline" hidden><option value="">Changed or not</option></select>
<span class="find"><input id="search" type="search" placeholder="Search ids, questions, answers, reasons" aria-label="Search cases" autocomplete="off"><button type="button" id="keys" aria-label="Keyboard help">?</button></span></div>
<p id="count" role="status" aria-live="polite"></p><div id="list"></div><div id="print-cases"></div></section>
<dialog id="case" aria-labelledby="case-title"></dialog><dialog id="help" aria-labelledby="help-title"></dialog>`;
}

function leftOutOf(counts: PageCounts, runId: string): readonly string[] {
  const { cases, listed, badTrials, badTraces, passedTrials, passedTraces } = counts;
  const show = `<code>agentctl trace ${runId} CASE</code>`;
  const lines: string[] = [];
  if (listed < cases) {
    lines.push(
      `This page lists ${listed} of ${cases} cases: those that did not pass, up to its limit; numbers above and below are of all. ${show} shows any other.`,
    );
  }
  if (badTraces < badTrials) {
    lines.push(
      `It holds the traces of ${badTraces} of ${badTrials} trials that failed or could not be executed; ${show} shows the others.`,
    );
  }
  if (passedTraces < passedTrials) {
    lines.push(
      `Of ${passedTrials} trials that passed it holds ${passedTraces} ${passedTraces === 1 ? "trace" : "traces"}, as a sample; ${show} shows any.`,
    );
  }
  return lines;
}
