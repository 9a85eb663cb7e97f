import { escapeHtml } from "../escape-html.js";
import { PAGE_STYLE } from "../html/html-style.js";
import type { RunRow } from "./run-row.js";
import { RUNS_SCRIPT } from "./runs-script.js";
import type { ViewPage } from "./view-frame.js";
import { linkHtml, optionsHtml, withQuery } from "./view-links.js";

/** What a list of runs is asked for. Empty texts ask for nothing. */
interface RunsQuery {
  readonly suite: string;
  readonly tag: string;
  readonly q: string;
  /** From 1. */
  readonly page: number;
}

/** One page of the list of runs. */
export interface RunsList {
  readonly query: RunsQuery;
  readonly rows: readonly RunRow[];
  /** Runs that fit the query, on all pages. */
  readonly total: number;
  readonly perPage: number;
  readonly suites: readonly { readonly name: string; readonly runs: number }[];
  readonly tags: readonly string[];
  /** What a run that does not end may be; `null` when none is running. */
  readonly hint: string | null;
}

/** What the page's script asks for again and again: rows that it does not have yet are put in. */
export interface RunsUpdate {
  readonly rows: readonly RunRow[];
  readonly count: string;
  readonly pager: string;
}

const COLUMNS = ["run", "verdict", "passed", "suite", "agent", "commit", "#cost", "#time"];

export function runsPage(list: RunsList): ViewPage {
  const { query, rows, suites, tags, hint } = list;
  const head = COLUMNS.map((name) =>
    name.startsWith("#")
      ? `<th scope="col" class="num">${name.slice(1)}</th>`
      : `<th scope="col">${name}</th>`,
  );
  const none =
    suites.length === 0
      ? "No run is stored yet; <code>agentctl eval</code> makes one. This page shows it as soon as it begins."
      : "No run fits.";
  return {
    title: "Runs · agentctl view",
    style: PAGE_STYLE,
    script: RUNS_SCRIPT,
    place: "runs",
    above: [],
    data: ['<p class="trouble" id="trouble" role="alert"></p>'],
    main: [
      `<div class="page-head"><h1>Runs</h1><p id="count" role="status">${countText(list)}</p></div>`,
      `<form class="asks" id="asks" action="/" method="get" role="search" aria-label="Filter runs">
<label>Suite<select name="suite">${optionsHtml(
        namesWith(
          suites.map(({ name }) => name),
          query.suite,
        ),
        query.suite,
        "all suites",
      )}</select></label>
<label>Tag<select name="tag">${optionsHtml(namesWith(tags, query.tag), query.tag, "all tags")}</select></label>
<label class="grow">Search<input type="search" name="q" value="${escapeHtml(query.q)}" placeholder="run, suite, tag, agent, model, version, commit" autocomplete="off"></label>
<button class="view-button" type="submit">Show</button></form>`,
      `<form id="compare" action="/compare" method="get"><div class="picked"><button class="view-button main" type="submit">Compare selected</button><p id="picked" role="status">Select two runs; the older one is the baseline.</p></div>
<table class="runs"><caption class="unseen">Runs, newest first</caption><thead><tr><th scope="col" class="pick"><span class="unseen">compare</span></th>${head.join("")}</tr></thead><tbody id="rows">${rows.map(({ html }) => html).join("\n")}</tbody></table></form>`,
      `<p id="none" class="message"${rows.length > 0 ? " hidden" : ""}>${none}</p>`,
      `<div id="pager">${pagerHtml(list)}</div>`,
      '<p class="hint">Verdicts are by the gates as they are now. <noscript>They are shown only with JavaScript; the page of a run has its verdict without.</noscript></p>',
      ...(hint === null ? [] : [`<p class="hint">${escapeHtml(hint)}</p>`]),
    ],
  };
}

export function runsUpdate(list: RunsList): RunsUpdate {
  return { rows: list.rows, count: countText(list), pager: pagerHtml(list) };
}

/** A name that was asked for stays a choice when nothing has it. */
function namesWith(names: readonly string[], asked: string): readonly string[] {
  return asked === "" || names.includes(asked) ? names : [asked, ...names];
}

function countText({ query, total, perPage, rows }: RunsList): string {
  const runs = `${total.toLocaleString("en")} ${total === 1 ? "run" : "runs"}`;
  if (total <= perPage && query.page === 1) return runs;
  const first = (query.page - 1) * perPage + 1;
  return rows.length === 0 ? `none of ${runs}` : `${first} to ${first + rows.length - 1} of ${runs}`;
}

function pagerHtml({ query, total, perPage }: RunsList): string {
  return pager(query.page, Math.ceil(total / perPage), (page) =>
    withQuery("/", { suite: query.suite, tag: query.tag, q: query.q, page: page === 1 ? "" : String(page) }),
  );
}

/**
 * Links to newer and older runs; empty when one page has all.
 *
 * @param page - from 1
 */
export function pager(page: number, pages: number, pathOf: (page: number) => string): string {
  if (pages <= 1 && page === 1) return "";
  const newer = page > 1 ? linkHtml(pathOf(Math.max(1, Math.min(page - 1, pages))), "← newer") : "";
  const older = page < pages ? linkHtml(pathOf(page + 1), "older →") : "";
  return `<nav class="pager" aria-label="Newer and older">${newer}<span>page ${page} of ${Math.max(1, pages)}</span>${older}</nav>`;
}
