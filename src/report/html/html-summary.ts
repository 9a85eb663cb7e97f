import type { GateReport } from "../../gates/gate-report.js";
import { countOutcomes, type Outcome } from "../case-outcome.js";
import { escapeHtml } from "../escape-html.js";
import { costNote, formatCost, formatRunDuration, formatValue, shortHash } from "../format.js";
import { noticesOf } from "../notices.js";
import type { RunReport } from "../run-report.js";
import { intervalHtml } from "./html-estimates.js";

const VERDICT_TEXT = {
  pass: "Pass",
  fail: "Fail",
  inconclusive: "Inconclusive",
  error: "Error",
} as const;

/** What stands above the cases: verdict, what the model is, totals, gates. */
export function summaryHtml(report: RunReport): string {
  return [
    navHtml(report),
    bannerHtml(report),
    ...noticesOf(report).map((notice) => `<p class="notice">${escapeHtml(notice)}</p>`),
    tilesHtml(report),
    gatesHtml(report.gate),
  ].join("\n");
}

function navHtml({ gate, cases, estimates }: RunReport): string {
  const counts = countOutcomes(cases);
  const bad = counts.failed + counts.error + counts["not run"];
  const link = (id: string, text: string) => `<a href="#${id}">${text}</a>`;
  return `<nav><b>agentctl</b>${gate === null ? "" : link("gates", "Gates")}${link("case-list", bad === 0 ? "Cases" : `Failing (${bad})`)}${estimates.length === 0 ? "" : link("estimates", "Estimates")}</nav>`;
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

function tilesHtml(report: RunReport): string {
  const { totals, cases } = report;
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
    tile(`cost${costNote(totals)}`, formatCost(totals.costUsd)),
    tile("duration", formatRunDuration(report)),
    "</section>",
    `<svg class="stack" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="Cases: ${label}">${parts.join("")}</svg>`,
  ].join("");
}

function gatesHtml(gate: GateReport | null): string {
  if (gate === null) return "";
  const rows = gate.results.map((result) => {
    const { estimate } = result;
    const measured = estimate === null ? "none" : formatValue(estimate);
    const interval = estimate === null ? "" : intervalHtml(estimate, result);
    const severity = result.severity === "minor" ? "minor, warns only" : result.severity;
    return `<tr><td><span class="pill ${result.verdict}">${result.verdict}</span></td><td class="name"><code>${escapeHtml(result.name)}</code><small>${escapeHtml(result.reason)}</small></td><td class="num" data-label="measured">${measured}</td><td class="num" data-label="n">${estimate?.n ?? 0}</td><td class="interval">${interval}</td><td class="required" data-label="required">${escapeHtml(result.required)}<small>${severity}</small></td></tr>`;
  });
  return `<section id="gates"><h2>Gates</h2><table class="cards"><thead><tr><th>verdict</th><th>gate</th><th class="num">measured</th><th class="num">n</th><th>interval</th><th>required</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

/** What was run, folded. */
export function provenanceHtml({ run, gate }: RunReport): string {
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
