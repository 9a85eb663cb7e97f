import type { Verdict } from "../../core/score.js";
import { countOutcomes, type Outcome } from "../case-outcome.js";
import { escapeHtml } from "../escape-html.js";
import { costNote, formatCost, formatRunDuration, shortHash } from "../format.js";
import { noticesOf } from "../notices.js";
import type { RunReport } from "../run-report.js";

const VERDICT_TEXT: Readonly<Record<Verdict, string>> = {
  pass: "Pass",
  fail: "Fail",
  inconclusive: "Inconclusive",
  error: "Error",
};

/** What stands first: the verdict with why, what a reader must know before the numbers, and totals. */
export function verdictHtml(report: RunReport): string {
  const notices = [...noticesOf(report), ...(report.gate?.notes ?? [])];
  return [
    bannerHtml(report),
    ...[...new Set(notices)].map((notice) => `<p class="notice">${escapeHtml(notice)}</p>`),
    tilesHtml(report),
  ].join("\n");
}

/** Why the verdict is what it is, the first reason in a sentence of its own. */
function reasonsOf({ gate }: RunReport): readonly string[] {
  if (gate === null) return ["No gates were judged."];
  if (gate.reasons.length > 0) return gate.reasons;
  const waived = gate.results.filter((result) => result.waiver !== null && result.verdict !== "pass").length;
  const but = waived === 0 ? "" : `, but for ${waived} that ${waived === 1 ? "is" : "are"} waived`;
  return [`Every critical and major gate passes on a complete run${but}.`];
}

function bannerHtml(report: RunReport): string {
  const { run, gate, cases } = report;
  const counts = countOutcomes(cases);
  const isGood = counts.failed + counts.error + counts["not run"] === 0;
  const title =
    gate === null ? (isGood ? "No case failed" : "Some cases did not pass") : VERDICT_TEXT[gate.verdict];
  const [first = "", ...others] = reasonsOf(report);
  const list =
    others.length === 0
      ? ""
      : `<ul>${others.map((reason) => `<li>${escapeHtml(reason)}</li>`).join("")}</ul>`;
  const what = [run.suite, `${run.agentName}@${shortHash(run.agentVersion)}`, `${run.provider}/${run.model}`];
  return `<section class="banner ${gate?.verdict ?? "none"}" aria-label="Verdict"><div><p class="eyebrow">${escapeHtml(what.join(" · "))}</p><h1>${title}</h1><p class="eyebrow">${escapeHtml(run.createdAt.slice(0, 16).replace("T", " "))} UTC</p></div><div><p class="lead">${escapeHtml(first)}</p>${list}</div></section>`;
}

const STACK: readonly Outcome[] = ["failed", "error", "not run", "unscored", "passed"];

function tilesHtml(report: RunReport): string {
  const { totals, cases } = report;
  const counts = countOutcomes(cases);
  const missing = Math.max(0, totals.planned - totals.completed - totals.errors);
  const unscored = totals.completed - totals.passed - totals.failed;
  const tile = (label: string, value: string, tone = "") =>
    `<div class="tile ${tone}"><b>${escapeHtml(value)}</b><span>${escapeHtml(label)}</span></div>`;
  const total = Math.max(1, cases.length);
  let start = 0;
  const parts = STACK.map((outcome) => {
    const width = (counts[outcome] / total) * 100;
    const part = `<rect class="${outcome.replace(" ", "-")}" x="${start.toFixed(3)}" width="${width.toFixed(3)}" y="0" height="10"/>`;
    start += width;
    return part;
  });
  const label = STACK.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ");
  return [
    '<div class="tiles">',
    tile("trials passed", String(totals.passed), "passed"),
    tile("trials failed", String(totals.failed), totals.failed > 0 ? "failed" : ""),
    tile("in error", String(totals.errors), totals.errors > 0 ? "error" : ""),
    ...(unscored > 0 ? [tile("not scored", String(unscored))] : []),
    ...(missing > 0 ? [tile("not run", String(missing), "error")] : []),
    tile(`cost${costNote(totals)}`, formatCost(totals.costUsd)),
    tile("duration", formatRunDuration(report)),
    "</div>",
    `<svg class="stack" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="Cases: ${label}">${parts.join("")}</svg>`,
  ].join("");
}
