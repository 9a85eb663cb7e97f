import { renderBadge, renderBadgeEndpoint } from "./badge.js";
import { renderHtml } from "./html/html-report.js";
import { renderJson } from "./json.js";
import { renderJunit } from "./junit.js";
import { renderMarkdown } from "./markdown.js";
import type { RunReport, TraceLoader } from "./run-report.js";
import { renderSarif } from "./sarif/sarif-report.js";

/**
 * Lays a run out as the text of one file.
 *
 * Contract: the same report gives the same text; no text of a case or an agent is read as markup of the format;
 * no text of a holdout case is shown; a score or number that is missing shows as missing, never as 0.
 */
export type Reporter = (report: RunReport, traces: TraceLoader) => string;

export type ReportFormat = "html" | "json" | "junit" | "markdown" | "sarif" | "badge" | "badge-endpoint";

export const reporters: { readonly [Format in ReportFormat]: Reporter } = {
  html: renderHtml,
  json: renderJson,
  junit: renderJunit,
  markdown: renderMarkdown,
  sarif: renderSarif,
  badge: renderBadge,
  "badge-endpoint": renderBadgeEndpoint,
};
