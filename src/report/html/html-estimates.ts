import type { Estimate } from "../../core/score.js";
import { escapeHtml } from "../escape-html.js";
import { formatInterval, formatLevel, formatValue, unscoredCount } from "../format.js";
import { missingValues } from "../missing-values.js";
import type { RunReport } from "../run-report.js";
import { intervalBar, type Thresholds } from "./interval-bar.js";

/** The metrics with a value by layer, each with its meaning folded; then those without one, by their reason. */
export function estimatesHtml({ estimates, gate }: RunReport): string {
  const level = estimates[0]?.level;
  if (level === undefined) return "";
  const thresholds = new Map(gate?.results.map((result) => [result.metric, result]));
  const known = estimates.filter((estimate) => estimate.value !== null);
  const groups = [...new Set(known.map((estimate) => estimate.layer))].map((layer) => {
    const rows = known
      .filter((estimate) => estimate.layer === layer)
      .map((estimate) => rowHtml(estimate, thresholds.get(estimate.metric) ?? null));
    return `<tbody><tr class="layer"><th colspan="5">${layer}</th></tr>${rows.join("")}</tbody>`;
  });
  const missing = missingValues(estimates).map(({ reason, metrics }) => {
    const names = metrics.map((metric) => `<code>${escapeHtml(metric)}</code>`).join(", ");
    return `<li>${names}: ${escapeHtml(reason)}</li>`;
  });
  const table =
    known.length === 0
      ? ""
      : `<p class="hint">Dot: estimate. Bar: ${formatLevel(level)} interval. Tick: gate. A metric opens to what it means.</p><table class="cards"><thead><tr><th>metric</th><th class="num">estimate</th><th class="num">n</th><th>interval</th><th>method</th></tr></thead>${groups.join("")}</table>`;
  const none = missing.length === 0 ? "" : `<div class="none">No value<ul>${missing.join("")}</ul></div>`;
  return `<section id="estimates"><h2>Estimates</h2>${table}${none}</section>`;
}

function rowHtml(estimate: RunReport["estimates"][number], thresholds: Thresholds | null): string {
  const name = `<details><summary><code>${escapeHtml(estimate.metric)}</code></summary><small>${escapeHtml(estimate.description)}</small></details>`;
  return `<tr><td class="name">${name}</td><td class="num">${formatValue(estimate)}</td><td class="num" data-label="n">${estimate.n}</td><td class="interval">${intervalHtml(estimate, thresholds)}</td><td class="method">${methodHtml(estimate)}</td></tr>`;
}

/** The interval as a picture and in numbers; empty when there is no value. */
export function intervalHtml(estimate: Estimate, thresholds: Thresholds | null): string {
  const bar = intervalBar(estimate, thresholds);
  return bar === "" ? "" : `<div class="limits">${bar}<small>${formatInterval(estimate)}</small></div>`;
}

function methodHtml(estimate: Estimate): string {
  const unscored = unscoredCount(estimate);
  const facts = [
    estimate.method,
    estimate.clusters < estimate.n ? `${estimate.clusters} clusters` : null,
    unscored === 0 ? null : `${unscored} not scored`,
    estimate.reason ?? null,
  ].filter((fact) => fact !== null);
  return escapeHtml(facts.join(" · "));
}
