import type { SliceComparison } from "../../comparison/comparison.js";
import type { Estimate } from "../../core/score.js";
import { boundedLimits } from "../../metrics/sample.js";
import { changeText, limitsText, primaryOf, VERDICT_WORDS } from "../comparison/comparison-words.js";
import { escapeHtml } from "../escape-html.js";
import type { CaseReport, RunReport } from "../run-report.js";
import { differenceBar, pill } from "./difference-bar.js";
import { intervalHtml } from "./html-estimates.js";

/** Slices of one kind that are shown, the largest first. */
const MOST_OF_A_KIND = 40;

type Slicing = "risk" | "tag" | "split";

const SLICINGS: readonly { readonly by: Slicing; readonly of: (one: CaseReport) => readonly string[] }[] = [
  { by: "risk", of: ({ goldenCase }) => (goldenCase.risk === null ? [] : [goldenCase.risk]) },
  { by: "split", of: ({ goldenCase }) => [goldenCase.split] },
  { by: "tag", of: ({ goldenCase }) => [...new Set(goldenCase.tags)] },
];

/** The share of trials that passed by risk, split and tag, with what differs from the baseline. */
export function slicesHtml(report: RunReport): string {
  const level = report.estimates[0]?.level ?? 0.95;
  const compared = new Map<string, SliceComparison>();
  for (const one of report.comparison?.candidates[0]?.slices ?? [])
    compared.set(`${one.by} ${one.slice}`, one);
  const found = report.comparison?.candidates[0];
  const unit = (found === undefined ? undefined : primaryOf(found)?.unit) ?? "proportion";
  const columns = compared.size > 0 ? 5 : 4;
  const bodies = SLICINGS.map(({ by, of }) => {
    const members = slicesOf(report.cases, of);
    if (members.length === 0 || (by === "split" && members.length === 1)) return "";
    const rows = members.slice(0, MOST_OF_A_KIND).map(([slice, cases]) => {
      const estimate = successOf(cases, level);
      const other = compared.size > 0 ? differenceCell(compared.get(`${by} ${slice}`), unit) : "";
      const rate = estimate.value === null ? "none" : `${(estimate.value * 100).toFixed(1)} %`;
      return `<tr><th scope="row" class="name">${escapeHtml(slice)}</th><td class="num" data-label="cases">${cases.length}</td><td class="num" data-label="n">${estimate.n}</td><td class="interval"><b>${rate}</b>${intervalHtml(estimate, null)}</td>${other}</tr>`;
    });
    const left = members.length - rows.length;
    const more =
      left > 0 ? `<tr><td colspan="${columns}" class="soft">and ${left} smaller ones</td></tr>` : "";
    return `<tbody><tr class="layer"><th colspan="${columns}" scope="colgroup">${by}</th></tr>${rows.join("")}${more}</tbody>`;
  }).filter((body) => body !== "");
  if (bodies.length === 0) return "";
  const head = compared.size > 0 ? '<th scope="col">difference from the baseline</th>' : "";
  const hint = `Share of scored trials that passed. Wilson intervals, by groups of cases where a case has several trials; none is adjusted for the number of slices${compared.size > 0 ? ", but the verdicts on differences are (Holm)" : ""}.`;
  return `<section id="slices" aria-labelledby="slices-title"><h2 id="slices-title">Slices</h2><p class="hint">${hint}</p><table class="cards"><caption class="unseen">Slices</caption><thead><tr><th scope="col">slice</th><th scope="col" class="num">cases</th><th scope="col" class="num">n</th><th scope="col">passed</th>${head}</tr></thead>${bodies.join("")}</table></section>`;
}

function slicesOf(
  cases: readonly CaseReport[],
  of: (one: CaseReport) => readonly string[],
): readonly (readonly [string, readonly CaseReport[]])[] {
  const members = new Map<string, CaseReport[]>();
  for (const one of cases) {
    for (const slice of of(one)) {
      const own = members.get(slice);
      if (own === undefined) members.set(slice, [one]);
      else own.push(one);
    }
  }
  return [...members].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1));
}

function successOf(cases: readonly CaseReport[], level: number): Estimate {
  const values: number[] = [];
  const groups: string[] = [];
  for (const { goldenCase, trials } of cases) {
    for (const { passed } of trials) {
      if (passed === null) continue;
      values.push(passed ? 1 : 0);
      groups.push(goldenCase.group);
    }
  }
  const limits =
    values.length === 0
      ? { value: null, lower: null, upper: null, method: "none", clusters: 0 }
      : boundedLimits(values, groups, level, true);
  const facts = { metric: "task.success", unit: "proportion", direction: "higher", unscored: {} } as const;
  return { ...facts, ...limits, level, n: values.length };
}

function differenceCell(found: SliceComparison | undefined, unit: Estimate["unit"]): string {
  if (found === undefined) return "<td></td>";
  const { value, lower, upper } = found.difference;
  if (value === null)
    return `<td><small>${escapeHtml(found.difference.reason ?? "no difference known")}</small></td>`;
  const limits = limitsText(found.difference, unit);
  const label = `difference ${changeText(value, unit)}${limits === "" ? "" : `, interval ${limits}`}`;
  return `<td class="interval"><b>${changeText(value, unit)}</b> ${pill(VERDICT_WORDS[found.verdict], found.verdict)}<div class="limits">${differenceBar({ value, lower, upper, limit: null, label })}<small>${limits || "no interval"}</small></div></td>`;
}
