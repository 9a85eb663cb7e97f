import type { Estimate } from "../../core/score.js";
import { count } from "../comparison/comparison-words.js";
import { escapeHtml } from "../escape-html.js";
import { costNote, formatCost, formatInterval, formatRunDuration, formatValue } from "../format.js";
import type { RunReport } from "../run-report.js";

/** What the run took: dollars, tokens, time, what a success costs, and which model took what. */
export function costHtml(report: RunReport): string {
  const { totals, estimates } = report;
  const success = totals.passed > 0 && totals.costUsd !== null ? totals.costUsd / totals.passed : null;
  const facts: readonly (readonly [string, string])[] = [
    ["cost of the agent", `${formatCost(totals.costUsd)}${costNote(totals)}`],
    [
      "cost for each trial that passed",
      success === null ? "not known" : `${formatCost(success)}, all trials paid for included`,
    ],
    ["duration", formatRunDuration(report)],
    ["calls answered by the cache", String(totals.cachedCalls)],
    ...measured(estimates),
  ];
  const items = facts.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<section id="cost" aria-labelledby="cost-title"><h2 id="cost-title">Cost</h2><dl class="facts-list">${items.join("")}</dl>${modelsHtml(report)}</section>`;
}

function measured(estimates: readonly Estimate[]): readonly (readonly [string, string])[] {
  return estimates
    .filter(({ value, unit }) => value !== null && (unit === "usd" || unit === "tokens"))
    .map((estimate) => {
      const limits = formatInterval(estimate);
      return [estimate.metric, `${formatValue(estimate)}${limits === "" ? "" : ` ${limits}`}`] as const;
    });
}

function modelsHtml({ usage }: RunReport): string {
  if (usage === undefined || usage.length === 0) return "";
  const rows = usage.map((one) => {
    const cost = `${formatCost(one.costUsd)}${one.costUnknown > 0 ? `, ${count(one.costUnknown, "call")} of unknown cost` : ""}`;
    return `<tr><th scope="row" class="name">${escapeHtml(one.model)}<small>${one.speaker}</small></th><td class="num" data-label="calls">${one.calls}</td><td class="num" data-label="from cache">${one.cached}</td><td class="num" data-label="tokens in">${one.inputTokens}</td><td class="num" data-label="tokens out">${one.outputTokens}</td><td data-label="cost">${cost}</td></tr>`;
  });
  const head = ["model", "#calls", "#from cache", "#tokens in", "#tokens out", "cost"].map((name) =>
    name.startsWith("#")
      ? `<th scope="col" class="num">${name.slice(1)}</th>`
      : `<th scope="col">${name}</th>`,
  );
  return `<table class="cards"><caption class="unseen">Cost by model</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
