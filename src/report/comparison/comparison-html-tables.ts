import type {
  CandidateComparison,
  ChangeVerdict,
  DistributionComparison,
  MetricComparison,
  TestResult,
} from "../../comparison/comparison.js";
import { escapeHtml } from "../escape-html.js";
import {
  amountText,
  byVerdict,
  changeText,
  decidingP,
  intervalTitle,
  limitsText,
  methodText,
  primaryOf,
  pText,
  VERDICT_WORDS,
} from "./comparison-words.js";

/** A verdict as a word on a ground of its colour. */
function verdictPill(verdict: ChangeVerdict): string {
  return `<span class="pill ${verdict}">${VERDICT_WORDS[verdict]}</span>`;
}

/** Every metric with its estimates, difference, test and method. */
export function metricTable(metrics: readonly MetricComparison[], level: number): string {
  const rows = byVerdict(metrics).flatMap((group) => group.metrics.map(metricRow));
  return tableHtml(
    ["verdict", "metric", "#baseline", "#candidate", "#difference", intervalTitle(level), "#p (Holm)", "#n"],
    rows,
  );
}

function metricRow(metric: MetricComparison): string {
  const { unit, difference, baseline, candidate, verdict, isPrimary } = metric;
  const side = (estimate: MetricComparison["baseline"]) => {
    const { value, lower, upper } = estimate;
    const open = lower === null && upper === null;
    const interval = open ? "" : `<small>${amountText(lower, unit)} to ${amountText(upper, unit)}</small>`;
    return `${amountText(value, unit)}${interval}`;
  };
  const limits = limitsText(difference, unit) || difference.reason || "";
  return `<tr${isPrimary ? ' class="primary"' : ""}><td>${verdictPill(verdict)}</td><td class="name"><details><summary><code>${escapeHtml(metric.metric)}</code></summary><small>${escapeHtml(metric.description)}</small>${testsHtml(metric)}</details></td><td class="num">${side(baseline)}</td><td class="num">${side(candidate)}</td><td class="num">${changeText(difference.value, unit)}</td><td class="change">${escapeHtml(limits)}<small>${escapeHtml(methodText(metric))}</small></td><td class="num">${escapeHtml(pText(decidingP(metric)))}</td><td class="num">${sizeHtml(metric)}</td></tr>`;
}

function sizeHtml({ difference: { n, clusters } }: MetricComparison): string {
  const groups = n === clusters ? "" : `<small>in ${clusters}</small>`;
  return `${n}${groups}`;
}

function testsHtml({ test, otherTests }: Pick<MetricComparison, "test" | "otherTests">): string {
  const tests = [...(test === null ? [] : [test]), ...otherTests];
  const items = tests.map((one) => `<li>${escapeHtml(testText(one))}</li>`);
  return items.length === 0 ? "" : `<ul>${items.join("")}</ul>`;
}

function testText({ name, statistics, p, seed }: TestResult): string {
  const numbers = Object.entries(statistics)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${Number((value as number).toPrecision(6))}`);
  const parts = [...numbers, `p ${pText(p) || "none"}`, ...(seed === undefined ? [] : [`seed ${seed}`])];
  return `${name}: ${parts.join(", ")}`;
}

/** Quantiles of both runs and the rank test. */
export function distributionTable(distributions: readonly DistributionComparison[]): string {
  const step = (one: DistributionComparison, q: number) =>
    [one.baseline, one.candidate]
      .map((side) => amountText(side.quantiles.find((found) => found.q === q)?.value ?? null, one.unit))
      .join(" → ");
  const rows = distributions.map((one) => {
    const unknown = one.baseline.unknown + one.candidate.unknown;
    const missing = unknown === 0 ? "" : `<small>${unknown} unknown</small>`;
    return `<tr><td>${verdictPill(one.verdict)}</td><td class="name"><details><summary>${escapeHtml(one.label)}</summary><small>${escapeHtml(one.sentence)}</small>${testsHtml(one)}</details></td><td class="num">${one.baseline.n}, ${one.candidate.n}${missing}</td><td class="num">${step(one, 0.5)}</td><td class="num">${step(one, 0.9)}</td><td class="num">${step(one, 0.95)}</td><td class="num">${escapeHtml(pText(one.adjustedP))}</td><td class="how">${escapeHtml(one.test.name)}</td></tr>`;
  });
  return tableHtml(["verdict", "measured", "#n", "#median", "#p90", "#p95", "#p (Holm)", "rank test"], rows);
}

/** The primary metric on each slice. */
export function sliceTable(found: CandidateComparison, level: number): string {
  const unit = primaryOf(found)?.unit ?? "proportion";
  const rows = found.slices.map(
    ({ by, slice, baseline, candidate, difference, test, adjustedP, verdict }) =>
      `<tr><td>${verdictPill(verdict)}</td><td class="name">${escapeHtml(by)} <code>${escapeHtml(slice)}</code></td><td class="num">${difference.n}</td><td class="num">${amountText(baseline, unit)}</td><td class="num">${amountText(candidate, unit)}</td><td class="num">${changeText(difference.value, unit)}</td><td class="change">${escapeHtml(limitsText(difference, unit) || difference.reason || "")}<small>${escapeHtml(methodText({ test, difference }))}</small></td><td class="num">${escapeHtml(pText(adjustedP))}</td></tr>`,
  );
  return tableHtml(
    ["verdict", "slice", "#n", "#baseline", "#candidate", "#difference", intervalTitle(level), "#p (Holm)"],
    rows,
  );
}

/** A heading that begins with # stands over numbers. */
function tableHtml(headings: readonly string[], rows: readonly string[]): string {
  const head = headings.map((heading) =>
    heading.startsWith("#")
      ? `<th scope="col" class="num">${heading.slice(1)}</th>`
      : `<th scope="col">${heading}</th>`,
  );
  return `<div class="wide"><table class="compared"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}
