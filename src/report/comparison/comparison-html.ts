import type { CandidateComparison } from "../../comparison/comparison.js";
import { escapeHtml } from "../escape-html.js";
import { shortHash } from "../format.js";
import { type PageParts, staticPage } from "../html/html-page.js";
import { PAGE_STYLE } from "../html/html-style.js";
import { PLOT_STYLE } from "../plots/plot-style.js";
import { casesHtml, type TraceHtml, traceCommandHtml } from "./comparison-html-cases.js";
import { metricPlots, runPlots, slicePlot } from "./comparison-html-plots.js";
import { COMPARISON_STYLE } from "./comparison-html-style.js";
import { distributionTable, metricTable, sliceTable } from "./comparison-html-tables.js";
import type { ComparisonReport } from "./comparison-report.js";
import {
  agentText,
  designText,
  manyCandidatesText,
  otherChanges,
  plainMeaning,
  primaryOf,
  stepText,
  trialsText,
  VERDICT_WORDS,
} from "./comparison-words.js";

const MAX_NAMED = 6;

/** The comparison as one HTML page with its plots inline: no script, no network. */
export function renderComparisonHtml(report: ComparisonReport): string {
  const { title, style, main } = comparisonParts(report, traceCommandHtml);
  return staticPage(title, style, main);
}

/**
 * The parts of that page.
 *
 * @param traceHtml - how the trace of a trial is found, as HTML
 */
export function comparisonParts(
  report: ComparisonReport,
  traceHtml: TraceHtml,
): Pick<PageParts, "title" | "style" | "main"> {
  const { baseline, candidates } = report;
  const title = `${agentText(baseline)} against ${candidates.map((one) => agentText(one.candidate)).join(", ")}`;
  const many = manyCandidatesText(candidates.length);
  const main = [
    navHtml(report),
    ...candidates.map((found, index) => bannerHtml(report, found, index)),
    ...(many === null ? [] : [`<p class="notice">${many}</p>`]),
    '<section id="runs"><h2>Runs</h2>',
    runPlots(report),
    "</section>",
    ...candidates.map((found, index) => candidateHtml(report, found, index, traceHtml)),
    provenanceHtml(report),
    HOW_TO_READ,
  ];
  return { title: `compare · ${title}`, style: `${PAGE_STYLE}${PLOT_STYLE}${COMPARISON_STYLE}`, main };
}

function navHtml({ candidates }: ComparisonReport): string {
  const links = candidates.map((found, index) => {
    const { lost, won } = found.changes;
    const name = candidates.length > 1 ? ` ${index + 1}` : "";
    return `<a href="#metrics-${index}">Metrics${name}</a><a href="#cases-${index}">Cases${name} (${lost.length} lost, ${won.length} won)</a>`;
  });
  return `<nav><b>agentctl compare</b><a href="#runs">Runs</a>${links.join("")}<a href="#reading">How to read this</a></nav>`;
}

function bannerHtml(report: ComparisonReport, found: CandidateComparison, index: number): string {
  const primary = primaryOf(found);
  const verdict = primary?.verdict ?? "unknown";
  const name = report.candidates.length > 1 ? `candidate ${index + 1}, ` : "";
  const words = VERDICT_WORDS[verdict];
  const heading = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const finding =
    primary === undefined
      ? "<p>The runs share no metric.</p>"
      : `<p><b><code>${escapeHtml(primary.metric)}</code> ${escapeHtml(stepText(primary))}</b></p><p>${escapeHtml(primary.sentence)}</p><p>${escapeHtml(plainMeaning(primary, report.level))}</p>`;
  const others = (["worse", "better"] as const).map((side) => {
    const names = otherChanges(found, side);
    if (names.length === 0) return "";
    const more = names.length > MAX_NAMED ? `, and ${names.length - MAX_NAMED} more` : "";
    const listed = names
      .slice(0, MAX_NAMED)
      .map((one) => escapeHtml(one))
      .join("; ");
    return `<p><b>${verdict === side ? "Also" : "But"} ${side}:</b> ${listed}${more}</p>`;
  });
  const tone = verdict === "worse" ? "fail" : verdict === "better" ? "pass" : "none";
  const size = found.detectable === null ? "" : `; ${found.detectable.sentence}`;
  return [
    `<section class="banner ${tone}"><div><p class="eyebrow">${escapeHtml(`${name}${agentText(found.candidate)} against ${agentText(report.baseline)}`)}</p><h1>${heading}</h1></div><div>${finding}${others.join("")}<p class="design">${escapeHtml(`Design: ${designText(found.design)}${size}.`)}</p></div></section>`,
    ...found.warnings.map(({ message }) => `<p class="notice"><b>Not clean:</b> ${escapeHtml(message)}</p>`),
    ...found.reversals.map(
      ({ message }) => `<p class="notice"><b>Simpson’s paradox:</b> ${escapeHtml(message)}</p>`,
    ),
  ].join("\n");
}

function candidateHtml(
  report: ComparisonReport,
  found: CandidateComparison,
  index: number,
  traceHtml: TraceHtml,
): string {
  const suffix =
    report.candidates.length > 1 ? `: candidate ${index + 1}, ${escapeHtml(agentText(found.candidate))}` : "";
  return [
    `<section id="metrics-${index}"><h2>Metrics${suffix}</h2>`,
    metricPlots(found),
    metricTable(found.metrics, report.level),
    "</section>",
    ...(found.distributions.length === 0
      ? []
      : [
          `<section><h2>Time, cost and tokens${suffix}</h2>`,
          distributionTable(found.distributions),
          "</section>",
        ]),
    ...(found.slices.length === 0
      ? []
      : [
          `<section><h2>Slices${suffix}</h2>`,
          slicePlot(found),
          sliceTable(found, report.level),
          "</section>",
        ]),
    casesHtml(report, found, index, suffix, traceHtml),
  ].join("\n");
}

function provenanceHtml({ baseline, candidates }: ComparisonReport): string {
  const runs = [baseline, ...candidates.map(({ candidate }) => candidate)];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["run", runs.map(({ run }) => run.id)],
    ["tags", runs.map(({ run }) => run.tags.join(", "))],
    ["started", runs.map(({ run }) => run.createdAt)],
    ["status", runs.map(({ run }) => run.status)],
    ["agent", runs.map(agentText)],
    ["model", runs.map(({ run }) => `${run.provider}/${run.model}`)],
    ["user played by", runs.map(({ run }) => run.userModel ?? "nobody")],
    [
      "judges",
      runs.map(({ run }) => run.judges.map((one) => `${one.metric} ${shortHash(one.version)}`).join(", ")),
    ],
    ["dataset", runs.map(({ run }) => `${run.datasetPath}@${shortHash(run.datasetHash)}`)],
    ["trials", runs.map(trialsText)],
    ["seed", runs.map(({ run }) => String(run.seed))],
  ];
  const head = runs.map(
    (_, index) =>
      `<th scope="col">${index === 0 ? "baseline" : `candidate${runs.length > 2 ? ` ${index}` : ""}`}</th>`,
  );
  const body = rows.map(
    ([name, values]) =>
      `<tr><th scope="row">${name}</th>${values.map((value) => `<td>${escapeHtml(value)}</td>`).join("")}</tr>`,
  );
  return `<details class="provenance"><summary>What was compared</summary><div class="wide"><table class="matrix"><thead><tr><th></th>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div></details>`;
}

const HOW_TO_READ = `<details class="provenance" id="reading"><summary>How to read this</summary><dl class="reading">
<div><dt>difference</dt><dd>Candidate minus baseline. Rates differ in points: from 80 % to 85 % is +5 points.</dd></div>
<div><dt>interval</dt><dd>The differences that the data allow at the stated confidence. A short one means that much is known.</dd></div>
<div><dt>p</dt><dd>How often runs that do not differ would show at least this much by chance.</dd></div>
<div><dt>Holm</dt><dd>Who asks many questions finds something by chance: Holm’s method raises p for that. The metric asked about keeps its own.</dd></div>
<div><dt>no difference shown</dt><dd>Not that there is none: the interval says what is still possible.</dd></div>
<div><dt>n, in groups</dt><dd>Pairs or measurements, and the independent groups of cases in which they lie.</dd></div>
</dl></details>`;
