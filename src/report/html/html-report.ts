import { countOutcomes } from "../case-outcome.js";
import { hideHoldout } from "../hide-holdout.js";
import { PLOT_STYLE } from "../plots/plot-style.js";
import type { RunReport, TraceLoader } from "../run-report.js";
import { casesHtml } from "./html-cases.js";
import { costHtml } from "./html-cost.js";
import { differencesHtml } from "./html-differences.js";
import { estimatesHtml } from "./html-estimates.js";
import { failuresHtml } from "./html-failures.js";
import { gatesHtml } from "./html-gates.js";
import { htmlPage, type PageParts } from "./html-page.js";
import { provenanceHtml } from "./html-provenance.js";
import { slicesHtml } from "./html-slices.js";
import { PAGE_STYLE } from "./html-style.js";
import { verdictHtml } from "./html-verdict.js";
import { packedElement } from "./packed.js";
import { PAGE_LIMITS, type PageLimits, pageData } from "./page-data.js";
import { REPORT_STYLE } from "./report-style.js";
import { REPORT_SCRIPT } from "./script/report-script.js";

/**
 * The run as one HTML page that needs nothing else: no network, no server. Its content security policy lets run
 * only the script and the style that stand here, by their hashes. Without a script everything but the list of cases
 * is there.
 */
export function renderHtml(report: RunReport, traces: TraceLoader, limits: PageLimits = PAGE_LIMITS): string {
  return htmlPage(reportParts(report, traces, limits));
}

/**
 * The parts of that page.
 *
 * @param servedAt - path of the run on a server that has its traces; `null` for a page that stands alone
 */
export function reportParts(
  report: RunReport,
  traces: TraceLoader,
  limits: PageLimits,
  servedAt: string | null = null,
): PageParts {
  const shown = hideHoldout(report);
  const data = pageData(shown, report, traces, limits, servedAt);
  const sections = [
    gatesHtml(shown.gate),
    estimatesHtml(shown),
    differencesHtml(shown),
    failuresHtml(data.failures),
    casesHtml(data.counts, servedAt === null ? shown.run.id : null),
    slicesHtml(shown),
    costHtml(shown),
    provenanceHtml(shown),
  ];
  return {
    title: `${shown.run.suite} · ${shown.gate?.verdict ?? "run"} · ${shown.run.id}`,
    style: `${PAGE_STYLE}${PLOT_STYLE}${REPORT_STYLE}`,
    script: REPORT_SCRIPT,
    header: headerHtml(shown, sections),
    main: [verdictHtml(shown), ...sections],
    data: [
      packedElement("cases", data.index),
      ...data.traceBlocks.map((block, index) => packedElement(`traces-${index}`, block)),
    ],
  };
}

const LINKS = [
  ["gates", "Gates"],
  ["estimates", "Estimates"],
  ["differences", "Baseline"],
  ["failures", "Failures"],
  ["case-list", "Cases"],
  ["slices", "Slices"],
  ["cost", "Cost"],
  ["provenance", "What was run"],
] as const;

function headerHtml({ cases }: RunReport, sections: readonly string[]): string {
  const counts = countOutcomes(cases);
  const bad = counts.failed + counts.error + counts["not run"];
  const links = LINKS.filter(([id]) =>
    sections.some((section) => section.startsWith(`<section id="${id}"`)),
  ).map(
    ([id, text]) =>
      `<a href="#${id}">${id === "case-list" && bad > 0 ? `${text} (${bad} not passed)` : text}</a>`,
  );
  return `<nav><b>agentctl</b>${links.join("")}</nav>`;
}
