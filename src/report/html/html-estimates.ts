import type { CandidateComparison, MetricComparison } from "../../comparison/comparison.js";
import type { Estimate } from "../../core/score.js";
import type { GateResult } from "../../gates/gate-report.js";
import { changeText, limitsText, VERDICT_WORDS } from "../comparison/comparison-words.js";
import { escapeHtml } from "../escape-html.js";
import { formatInterval, formatLevel, formatValue, unscoredCount } from "../format.js";
import { missingValues } from "../missing-values.js";
import type { RunReport } from "../run-report.js";
import { differenceBar, pill } from "./difference-bar.js";
import { intervalBar, type Thresholds } from "./interval-bar.js";

type ShownEstimate = RunReport["estimates"][number];

/** The metrics with a value by layer, each against the baseline where there is one; then those without one, by reason. */
export function estimatesHtml({ estimates, gate, comparison }: RunReport): string {
  const level = estimates[0]?.level;
  if (level === undefined) return "";
  const thresholds = new Map(gate?.results.map((result) => [result.metric, result]));
  const compared = comparedMetrics(comparison?.candidates[0] ?? null);
  const known = estimates.filter((estimate) => estimate.value !== null);
  const columns = compared.size > 0 ? 6 : 4;
  const groups = [...new Set(known.map((estimate) => estimate.layer))].map((layer) => {
    const rows = known
      .filter((estimate) => estimate.layer === layer)
      .map((estimate) => rowHtml(estimate, thresholds.get(estimate.metric) ?? null, compared));
    return `<tbody><tr class="layer"><th colspan="${columns}" scope="colgroup">${layer}</th></tr>${rows.join("")}</tbody>`;
  });
  const missing = missingValues(estimates).map(({ reason, metrics }) => {
    const names = metrics.map((metric) => `<code>${escapeHtml(metric)}</code>`).join(", ");
    return `<li>${names}: ${escapeHtml(reason)}</li>`;
  });
  const more = compared.size > 0 ? '<th scope="col">baseline</th><th scope="col">difference</th>' : "";
  const table =
    known.length === 0
      ? ""
      : `<p class="hint">Dot: estimate. Bar: ${formatLevel(level)} interval. Tick: gate. A metric opens to what it means.${compared.size > 0 ? " A difference is this run minus the baseline, over the cases compared." : ""}</p><table class="cards"><caption class="unseen">Estimates</caption><thead><tr><th scope="col">metric</th><th scope="col">estimate</th><th scope="col" class="num">n</th>${more}<th scope="col">method</th></tr></thead>${groups.join("")}</table>`;
  const none = missing.length === 0 ? "" : `<div class="none">No value<ul>${missing.join("")}</ul></div>`;
  return `<section id="estimates" aria-labelledby="estimates-title"><h2 id="estimates-title">Estimates</h2>${table}${none}</section>`;
}

function comparedMetrics(found: CandidateComparison | null): ReadonlyMap<string, MetricComparison> {
  return new Map(found?.metrics.map((one) => [one.metric, one]));
}

function rowHtml(
  estimate: ShownEstimate,
  thresholds: GateResult | null,
  compared: ReadonlyMap<string, MetricComparison>,
): string {
  const name = `<details><summary><code>${escapeHtml(estimate.metric)}</code></summary><small>${escapeHtml(estimate.description)}</small></details>`;
  const against = compared.size > 0 ? againstHtml(compared.get(estimate.metric)) : "";
  return `<tr><th scope="row" class="name">${name}</th><td class="interval"><b>${escapeHtml(formatValue(estimate))}</b>${intervalHtml(estimate, thresholds)}</td><td class="num" data-label="n">${estimate.n}</td>${against}<td class="method">${methodHtml(estimate)}</td></tr>`;
}

function againstHtml(found: MetricComparison | undefined): string {
  if (found === undefined) return '<td data-label="baseline"></td><td></td>';
  const { difference, unit, baseline, verdict } = found;
  const side = `${escapeHtml(formatValue(baseline))}<small>${escapeHtml(formatInterval(baseline))}</small>`;
  const { value, lower, upper } = difference;
  if (value === null) {
    return `<td data-label="baseline">${side}</td><td><small>${escapeHtml(difference.reason ?? "no difference known")}</small></td>`;
  }
  const limits = limitsText(difference, unit);
  const label = `difference ${changeText(value, unit)}${limits === "" ? "" : `, interval ${limits}`}`;
  return `<td data-label="baseline">${side}</td><td class="interval"><b>${changeText(value, unit)}</b> ${pill(VERDICT_WORDS[verdict], verdict)}<div class="limits">${differenceBar({ value, lower, upper, limit: null, label })}<small>${limits || "no interval"}</small></div></td>`;
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
