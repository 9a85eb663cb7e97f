import type { MetricUnit, Verdict } from "../../core/score.js";
import type { GateDifference, GateReport, GateResult } from "../../gates/gate-report.js";
import { changeText, limitsText } from "../comparison/comparison-words.js";
import { escapeHtml } from "../escape-html.js";
import { formatLevel, formatValue, shortHash, unscoredCount } from "../format.js";
import { differenceBar, pill } from "./difference-bar.js";
import { intervalHtml } from "./html-estimates.js";

const MOST_CASES_OPEN = 8;

interface GateGroup {
  readonly title: string;
  readonly holds: (gate: GateResult) => boolean;
}

const counts = (gate: GateResult) => gate.severity !== "minor" && gate.waiver === null;

/** In the order in which a reader needs them; a gate stands in the first group that holds. */
const GROUPS: readonly GateGroup[] = [
  { title: "Waived: the verdict stands, and does not count", holds: (gate) => gate.waiver !== null },
  { title: "Not passed", holds: (gate) => counts(gate) && gate.verdict !== "pass" },
  { title: "Warnings: minor gates never block", holds: (gate) => gate.verdict !== "pass" },
  { title: "Passed", holds: () => true },
];
const SHOWN_ORDER = [1, 0, 2, 3];

/** Every gate with what was measured, what it had to be, and what would settle it; parts folded below their gate. */
export function gatesHtml(gate: GateReport | null): string {
  if (gate === null) return "";
  const groups = GROUPS.map((): GateResult[] => []);
  for (const result of gate.results) groups[GROUPS.findIndex(({ holds }) => holds(result))]?.push(result);
  const columns = comparesAny(gate.results) ? 5 : 4;
  const bodies = SHOWN_ORDER.map((index) => {
    const results = groups[index] ?? [];
    if (results.length === 0) return "";
    const heading = `<tr class="layer"><th colspan="${columns}" scope="colgroup">${GROUPS[index]?.title} (${results.length})</th></tr>`;
    return `<tbody>${heading}${results.map((result) => rowHtml(result, columns)).join("")}</tbody>`;
  });
  const tally = `${gate.results.filter(({ verdict }) => verdict === "pass").length} of ${gate.results.length} gates pass.`;
  const table = gate.results.length === 0 ? "" : tableHtml("Gates and what they found", bodies, columns);
  return `<section id="gates" aria-labelledby="gates-title"><h2 id="gates-title">Gates</h2><p class="hint">${tally} Dot: measured. Bar: interval. Red tick: the line that the gate draws.</p>${table}${skippedHtml(gate)}${flakyHtml(gate)}</section>`;
}

/** Whether any of the gates, or of their parts, compares: the column would be empty otherwise. */
function comparesAny(results: readonly GateResult[]): boolean {
  return results.some(
    ({ difference, baseline, parts }) => difference !== null || baseline !== null || comparesAny(parts),
  );
}

function tableHtml(caption: string, bodies: readonly string[], columns: number): string {
  const compared = columns === 5 ? ["against the baseline"] : [];
  const head = ["verdict", "gate", "measured", ...compared, "required"];
  return `<table class="cards gates"><caption class="unseen">${escapeHtml(caption)}</caption><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>${bodies.join("")}</table>`;
}

function rowHtml(result: GateResult, columns: number): string {
  const severity = result.severity === "minor" ? "minor, warns only" : result.severity;
  const settle =
    result.toSettle === null ? "" : `<small class="settle">To settle: ${escapeHtml(result.toSettle)}</small>`;
  const parts = partsHtml(result);
  const more = [waiverHtml(result), casesHtml(result), parts].filter((text) => text !== "").join("");
  return `<tr><td>${pill(result.verdict)}</td><th scope="row" class="name"><code>${escapeHtml(result.name)}</code><small>${escapeHtml(result.reason)}</small></th><td class="interval" data-label="measured">${measuredHtml(result)}</td>${columns === 5 ? `<td class="interval" data-label="baseline">${differenceHtml(result)}</td>` : ""}<td class="required" data-label="required">${escapeHtml(result.required)}<small>${severity}</small>${settle}</td></tr>${more === "" ? "" : `<tr class="more-of"><td colspan="${columns}">${more}</td></tr>`}`;
}

function measuredHtml(result: GateResult): string {
  const { estimate } = result;
  if (estimate === null) return "";
  const unscored = unscoredCount(estimate);
  const facts = [
    `n ${estimate.n}`,
    estimate.clusters < estimate.n ? `${estimate.clusters} groups` : null,
    estimate.method === "none" ? null : `${estimate.method}, ${formatLevel(estimate.level)}`,
    unscored === 0 ? null : `${unscored} not scored`,
  ].filter((fact) => fact !== null);
  return `<b>${escapeHtml(formatValue(estimate))}</b>${intervalHtml(estimate, result)}<small>${escapeHtml(facts.join(" · "))}</small>`;
}

/** The unit in which a gate's difference is written. */
function unitOf({ estimate, baseline }: GateResult): MetricUnit {
  return estimate?.unit ?? baseline?.estimate?.unit ?? "score";
}

function differenceHtml(result: GateResult): string {
  const { difference, baseline } = result;
  const reference =
    baseline === null
      ? ""
      : `<small>${escapeHtml(`${baseline.reference}: run ${baseline.runId}, agent ${shortHash(baseline.agentVersion)}${baseline.estimate === null ? "" : `, ${formatValue(baseline.estimate)}`}`)}</small>`;
  if (difference === null) return reference;
  const { value, lower, upper } = difference;
  if (value === null)
    return `<small>${escapeHtml(difference.reason ?? "no difference known")}</small>${reference}`;
  const words = gateDifferenceText(difference, unitOf(result));
  const bar = differenceBar({ value, lower, upper, limit: limitOf(result), label: words.all });
  const facts = [
    difference.design,
    `n ${difference.n}`,
    difference.method,
    difference.test === null ? null : difference.test.name,
  ].filter((fact) => fact !== null);
  return `<b>${words.value}</b><div class="limits">${bar}<small>${words.limits}</small></div><small>${escapeHtml(facts.join(" · "))}</small>${reference}`;
}

/** Where the gate draws its line among differences: a loss is below zero where higher is better. */
function limitOf({ difference, kind, estimate, baseline }: GateResult): number | null {
  const margin = difference?.margin ?? null;
  if (margin === null) return null;
  const direction = estimate?.direction ?? baseline?.estimate?.direction ?? "higher";
  const isGain = kind === "better";
  return (direction === "higher") === isGain ? margin : -margin;
}

/** `−4.0 points`, `−9.1 to +1.2 points`, and both as one text; relative differences in percent. */
export function gateDifferenceText(
  difference: Pick<GateDifference, "value" | "lower" | "upper" | "isRelative" | "level">,
  unit: MetricUnit,
): { readonly value: string; readonly limits: string; readonly all: string } {
  const percent = (one: number) => `${one < 0 ? "−" : one > 0 ? "+" : ""}${Math.abs(one * 100).toFixed(1)} %`;
  const { lower, upper } = difference;
  const value = difference.isRelative
    ? difference.value === null
      ? "none"
      : percent(difference.value)
    : changeText(difference.value, unit);
  const limits =
    difference.isRelative && lower !== null && upper !== null
      ? `${percent(lower)} to ${percent(upper)}`
      : difference.isRelative
        ? ""
        : limitsText(difference, unit);
  const all = `difference ${value}${limits === "" ? "" : `, ${formatLevel(difference.level)} interval ${limits}`}`;
  return { value, limits, all };
}

const VERDICTS: readonly Verdict[] = ["fail", "error", "inconclusive", "pass"];

function partsHtml({ parts, name, verdict }: GateResult): string {
  if (parts.length === 0) return "";
  const tally = VERDICTS.map((one) => [one, parts.filter((part) => part.verdict === one).length] as const)
    .filter(([, count]) => count > 0)
    .map(([one, count]) => `${count} ${one}`);
  const sorted = [...parts].sort(
    (left, right) => VERDICTS.indexOf(left.verdict) - VERDICTS.indexOf(right.verdict),
  );
  const columns = comparesAny(parts) ? 5 : 4;
  const rows = sorted.map((part) => rowHtml(part, columns));
  const table = tableHtml(`Parts of ${name}`, [`<tbody>${rows.join("")}</tbody>`], columns);
  return `<details${verdict === "fail" || verdict === "error" ? " open" : ""}><summary>${parts.length} ${parts.length === 1 ? "part" : "parts"}: ${tally.join(", ")}</summary>${table}</details>`;
}

function casesHtml({ cases }: GateResult): string {
  if (cases.length === 0) return "";
  const items = cases.map(
    ({ caseId, note }) =>
      `<li><a href="#case=${escapeHtml(encodeURIComponent(caseId))}">${escapeHtml(caseId)}</a> ${escapeHtml(note)}</li>`,
  );
  const noun = cases.length === 1 ? "case" : "cases";
  return `<details${cases.length <= MOST_CASES_OPEN ? " open" : ""}><summary>${cases.length} ${noun} that it rests on</summary><ul>${items.join("")}</ul></details>`;
}

function waiverHtml({ waiver }: GateResult): string {
  if (waiver === null) return "";
  return `<p class="waiver">Waived by ${escapeHtml(waiver.by)} until ${escapeHtml(waiver.until)}: ${escapeHtml(waiver.reason)}</p>`;
}

function skippedHtml({ skipped }: GateReport): string {
  if (skipped.length === 0) return "";
  const items = skipped.map(
    ({ name, reason }) => `<li><code>${escapeHtml(name)}</code> ${escapeHtml(reason)}</li>`,
  );
  return `<h3 class="plain">Skipped: the condition of ${skipped.length === 1 ? "1 gate does" : `${skipped.length} gates do`} not hold</h3><ul class="apart">${items.join("")}</ul>`;
}

function flakyHtml({ flaky }: GateReport): string {
  if (flaky.length === 0) return "";
  const items = flaky.map(({ caseId, passed, trials, historyRate, p }) => {
    const history =
      historyRate === null ? "no history" : `history ${(historyRate * 100).toFixed(1)} % of pairs disagree`;
    return `<li><a href="#case=${escapeHtml(encodeURIComponent(caseId))}">${escapeHtml(caseId)}</a> ${passed} of ${trials} trials passed; ${history}, p ${Number(p.toPrecision(2))}</li>`;
  });
  const noun = flaky.length === 1 ? "1 case disagrees" : `${flaky.length} cases disagree`;
  return `<h3 class="plain">Flaky: ${noun} between trials beyond history</h3><ul class="apart">${items.join("")}</ul>`;
}
