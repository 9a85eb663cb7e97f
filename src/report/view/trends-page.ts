import { escapeHtml } from "../escape-html.js";
import { PAGE_STYLE } from "../html/html-style.js";
import { PLOT_STYLE } from "../plots/plot-style.js";
import { trendParts } from "../trend-html.js";
import type { TrendReport } from "../trend-report.js";
import type { ViewPage } from "./view-frame.js";
import { linkHtml, optionsHtml, runPath } from "./view-links.js";

/** What a trend is asked for. */
export interface TrendQuery {
  readonly suite: string;
  readonly metric: string;
  /** `risk`, `tag`, or empty. */
  readonly by: string;
  /** The newest so many runs. */
  readonly limit: string;
}

const LIMITS = ["20", "50", "100", "200"];

/** @param report - or a sentence that says why there is no trend */
export function trendsPage(
  query: TrendQuery,
  choices: { readonly suites: readonly string[]; readonly metrics: readonly string[] },
  report: TrendReport | string,
): ViewPage {
  const parts =
    typeof report === "string"
      ? {
          title: "Trends",
          style: `${PAGE_STYLE}${PLOT_STYLE}`,
          main: [`<section class="message"><h1>No trend</h1><p>${escapeHtml(report)}</p></section>`],
        }
      : trendParts(report, (runId) => linkHtml(runPath(runId), runId));
  const metrics = choices.metrics.includes(query.metric)
    ? choices.metrics
    : [query.metric, ...choices.metrics];
  const limits = LIMITS.includes(query.limit) ? LIMITS : [query.limit, ...LIMITS];
  return {
    ...parts,
    title: `${parts.title} · agentctl view`,
    script:
      '"use strict";for(const one of document.querySelectorAll("#asks select"))one.addEventListener("change",()=>one.form.requestSubmit());',
    place: "trends",
    above: [],
    data: [],
    main: [
      `<form class="asks" id="asks" action="/trends" method="get" aria-label="Trend">
<label>Suite<select name="suite">${optionsHtml(choices.suites, query.suite)}</select></label>
<label>Metric<select name="metric">${optionsHtml(metrics, query.metric)}</select></label>
<label>Slices<select name="by">${optionsHtml(["risk", "tag"], query.by, "none")}</select></label>
<label>Newest runs<select name="limit">${optionsHtml(limits, query.limit)}</select></label>
<button class="view-button" type="submit">Show</button></form>`,
      // A wide chart scrolls within its own place; the keyboard must reach it.
      ...parts.main.map((part) =>
        part
          .replaceAll(
            '<div class="figure">',
            '<div class="figure" tabindex="0" role="group" aria-label="Chart">',
          )
          .replaceAll('<div class="wide">', '<div class="wide" tabindex="0" role="group" aria-label="Runs">'),
      ),
    ],
  };
}
