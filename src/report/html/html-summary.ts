import type { GateReport } from "../../gates/gate-report.js";
import { countOutcomes, type Outcome } from "../case-outcome.js";
import { escapeHtml } from "../escape-html.js";
import {
  formatCost,
  formatDuration,
  formatInterval,
  formatLevel,
  formatValue,
  shortHash,
  unscoredCount,
} from "../format.js";
import type { RunReport } from "../run-report.js";
import { intervalBar } from "./interval-bar.js";

const VERDICT_TEXT = {
  pass: "Pass",
  fail: "Fail",
  inconclusive: "Inconclusive",
  error: "Error",
} as const;

/** Everything of the page that needs no script: verdict, totals, gates, estimates, provenance. */
export function summaryHtml(report: RunReport): string {
  return [
    navHtml(report),
    bannerHtml(report),
    tilesHtml(report),
    gatesHtml(report.gate),
    estimatesHtml(report),
    provenanceHtml(report),
  ].join("\n");
}

function navHtml({ gate, cases }: RunReport): string {
  const counts = countOutcomes(cases);
  const bad = counts.failed + counts.error + counts["not run"];
  const link = (id: string, text: string) => `<a href="#${id}">${text}</a>`;
  return `<nav><b>agentctl</b>${gate === null ? "" : link("gates", "Gates")}${link("estimates", "Estimates")}${link("case-list", bad === 0 ? "Cases" : `Cases (${bad} did not pass)`)}</nav>`;
}

function bannerHtml({ run, gate, cases }: RunReport): string {
  const counts = countOutcomes(cases);
  const isGood = counts.failed + counts.error + counts["not run"] === 0;
  const tone = gate?.verdict ?? "none";
  const title =
    gate === null ? (isGood ? "No case failed" : "Some cases did not pass") : VERDICT_TEXT[gate.verdict];
  const reasons = gate === null ? ["No gates were judged."] : gate.reasons;
  const list =
    reasons.length === 0
      ? "<p>Every critical and major gate passes on a complete run.</p>"
      : `<ul>${reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join("")}</ul>`;
  return `<section class="banner ${tone}"><div><p class="eyebrow">${escapeHtml(run.suite)} · ${escapeHtml(run.agentName)}@${shortHash(run.agentVersion)}</p><h1>${title}</h1></div>${list}</section>`;
}

function tilesHtml({ totals, cases }: RunReport): string {
  const counts = countOutcomes(cases);
  const missing = Math.max(0, totals.planned - totals.completed - totals.errors);
  const unscored = totals.completed - totals.passed - totals.failed;
  const tile = (label: string, value: string, tone = "") =>
    `<div class="tile ${tone}"><b>${escapeHtml(value)}</b><span>${escapeHtml(label)}</span></div>`;
  const order: readonly Outcome[] = ["failed", "error", "not run", "unscored", "passed"];
  const total = Math.max(1, cases.length);
  let start = 0;
  const parts = order.map((outcome) => {
    const width = (counts[outcome] / total) * 100;
    const part = `<rect class="${outcome.replace(" ", "-")}" x="${start.toFixed(3)}" width="${width.toFixed(3)}" y="0" height="10"/>`;
    start += width;
    return part;
  });
  const label = order.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ");
  return [
    '<section class="tiles">',
    tile("trials passed", String(totals.passed), "passed"),
    tile("trials failed", String(totals.failed), totals.failed > 0 ? "failed" : ""),
    tile("in error", String(totals.errors), totals.errors > 0 ? "error" : ""),
    ...(unscored > 0 ? [tile("not scored", String(unscored))] : []),
    ...(missing > 0 ? [tile("not run", String(missing), "error")] : []),
    tile("cost", formatCost(totals.costUsd)),
    tile("duration", formatDuration(totals.durationMs)),
    "</section>",
    `<svg class="stack" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="Cases: ${label}">${parts.join("")}</svg>`,
  ].join("");
}

function gatesHtml(gate: GateReport | null): string {
  if (gate === null) return "";
  const rows = gate.results.map((result) => {
    const { estimate } = result;
    const measured = estimate === null ? "none" : formatValue(estimate);
    const interval = estimate === null ? "" : formatInterval(estimate);
    const severity = result.severity === "minor" ? "minor, warns only" : result.severity;
    return `<tr><td><span class="pill ${result.verdict}">${result.verdict}</span></td><td class="name"><code>${escapeHtml(result.metric)}</code><small>${escapeHtml(result.reason)}</small></td><td class="num" data-label="measured">${measured}</td><td class="num" data-label="n">${estimate?.n ?? 0}</td><td data-label="interval">${estimate === null ? "" : intervalBar(estimate, result)}<small>${interval}</small></td><td data-label="required">${escapeHtml(result.required)}<small>${severity}</small></td></tr>`;
  });
  return `<section id="gates"><h2>Gates</h2><table class="cards"><thead><tr><th>verdict</th><th>metric</th><th class="num">measured</th><th class="num">n</th><th>interval</th><th>required</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

function estimatesHtml({ estimates, gate }: RunReport): string {
  const level = estimates[0]?.level;
  if (level === undefined) return "";
  const thresholds = new Map(gate?.results.map((result) => [result.metric, result]));
  const groups = [...new Set(estimates.map((estimate) => estimate.layer))].map((layer) => {
    const rows = estimates
      .filter((estimate) => estimate.layer === layer)
      .map((estimate) => {
        const unscored = unscoredCount(estimate);
        const reason = estimate.reason === undefined ? "" : `<small>${escapeHtml(estimate.reason)}</small>`;
        const skipped = unscored === 0 ? "" : `<small>${unscored} not scored</small>`;
        const clusters = estimate.clusters < estimate.n ? `<small>${estimate.clusters} clusters</small>` : "";
        return `<tr><td class="name"><code>${escapeHtml(estimate.metric)}</code><small>${escapeHtml(estimate.description)}</small></td><td class="num" data-label="estimate">${formatValue(estimate)}</td><td class="num" data-label="n">${estimate.n}${skipped}</td><td data-label="interval">${intervalBar(estimate, thresholds.get(estimate.metric) ?? null)}<small>${formatInterval(estimate)}</small></td><td data-label="method">${escapeHtml(estimate.method)}${clusters}${reason}</td></tr>`;
      });
    return `<tbody><tr class="layer"><th colspan="5">${layer}</th></tr>${rows.join("")}</tbody>`;
  });
  return `<section id="estimates"><h2>Estimates</h2><p class="hint">Dot: estimate. Bar: ${formatLevel(level)} interval. Tick: gate.</p><table class="cards"><thead><tr><th>metric</th><th class="num">estimate</th><th class="num">n</th><th>interval</th><th>method</th></tr></thead>${groups.join("")}</table></section>`;
}

function provenanceHtml({ run, gate }: RunReport): string {
  const rows: [string, string][] = [
    ["run", run.id],
    ["status", run.status],
    ["started", run.createdAt],
    ["finished", run.finishedAt ?? "not yet"],
    ["agent", `${run.agentName}@${run.agentVersion}`],
    ["model", `${run.provider}/${run.model}`],
    ["dataset", `${run.datasetPath}@${run.datasetHash}`],
    ["trials per case", String(run.trialsPerCase)],
    ["seed", String(run.seed)],
    [
      "commit",
      run.gitCommit === null ? "unknown" : `${run.gitCommit}${run.gitDirty === true ? " with changes" : ""}`,
    ],
    ["gates", gate?.gatesHash ?? "not judged"],
    ["agentctl", run.agentctlVersion],
  ];
  const items = rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<details class="provenance"><summary>What was run</summary><dl>${items.join("")}</dl></details>`;
}
