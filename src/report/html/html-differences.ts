import type { CandidateComparison } from "../../comparison/comparison.js";
import type { GateReport, GateResult } from "../../gates/gate-report.js";
import { metricPlots } from "../comparison/comparison-html-plots.js";
import type { ComparisonReport } from "../comparison/comparison-report.js";
import { agentText, designText, primaryOf } from "../comparison/comparison-words.js";
import { escapeHtml } from "../escape-html.js";
import { type ForestRow, forestPlot } from "../plots/forest-plot.js";
import { figure } from "../plots/plot-keys.js";
import type { RunReport } from "../run-report.js";
import { gateDifferenceText } from "./html-gates.js";

/** Most rows of one picture. */
const MOST_ROWS = 40;

/**
 * What differs from the baseline, as forest plots: of the comparison where the run was given one, and otherwise of the
 * gates that compare.
 */
export function differencesHtml({ comparison, gate }: RunReport): string {
  const found = comparison?.candidates[0];
  const content =
    comparison !== null && found !== undefined ? comparedHtml(comparison, found) : gatePlots(gate);
  if (content === "") return "";
  return `<section id="differences" aria-labelledby="differences-title"><h2 id="differences-title">Against the baseline</h2>${content}</section>`;
}

function comparedHtml(comparison: ComparisonReport, found: CandidateComparison): string {
  const notices = [...found.warnings, ...found.reversals].map(
    ({ message }) => `<p class="notice"><b>Not clean:</b> ${escapeHtml(message)}</p>`,
  );
  const primary = primaryOf(found);
  const finding =
    primary === undefined ? "The runs share no metric." : `${primary.metric}: ${primary.sentence}.`;
  const design = `Baseline ${comparison.baseline.run.id}, ${agentText(comparison.baseline)}; ${designText(found.design)}.`;
  return `<p class="finding">${escapeHtml(finding)}</p><p class="hint">${escapeHtml(design)}</p>${notices.join("")}${reachable(metricPlots(found))}`;
}

/** Rates in points, all else as a share of the baseline: two pictures, as the scales differ. */
function gatePlots(gate: GateReport | null): string {
  const compared = gate === null ? [] : withDifferences(gate.results);
  if (compared.length === 0) return "";
  const absolute = compared.filter((one) => one.isPoints);
  const relative = compared.filter((one) => !one.isPoints);
  const hint =
    "A square is the measured difference, the line its interval at the confidence of the gate. Where the line crosses zero, the data allow no difference.";
  const picture = (title: string, rows: readonly ComparedGate[], axis: string, unit: string) =>
    rows.length === 0
      ? ""
      : figure(
          title,
          rows.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${rows.length}. ${hint}` : hint,
          forestPlot(
            rows.slice(0, MOST_ROWS).map(({ row }) => row),
            {
              title,
              axis,
              formatTick: (tick) =>
                `${tick === 0 ? "" : tick < 0 ? "−" : "+"}${Number(Math.abs(tick * 100).toPrecision(4))}${unit}`,
            },
          ),
        );
  return reachable(
    picture("Gates on rates", absolute, "difference in points, turned so that right is better", "") +
      picture(
        "Gates on time, cost and others",
        relative,
        "change in % of the baseline, turned so that right is better",
        " %",
      ),
  );
}

interface ComparedGate {
  readonly isPoints: boolean;
  readonly row: ForestRow;
}

/** Gates that compare, parts included; of a gate with parts that compare, the parts stand for it. */
function withDifferences(results: readonly GateResult[], prefix = ""): readonly ComparedGate[] {
  return results.flatMap((result): readonly ComparedGate[] => {
    const label = `${prefix}${result.name}`;
    const inner = withDifferences(
      result.parts,
      result.kind === "slices" ? `${result.metric ?? result.name} ` : "",
    );
    const own = comparedGate(result, label);
    return [...(own === null ? [] : [own]), ...inner];
  });
}

function comparedGate(result: GateResult, label: string): ComparedGate | null {
  const { difference, baseline, estimate } = result;
  if (difference === null || difference.value === null) return null;
  const unit = estimate?.unit ?? baseline?.estimate?.unit ?? "score";
  const direction = estimate?.direction ?? baseline?.estimate?.direction ?? "higher";
  const isPoints = unit === "proportion" && !difference.isRelative;
  const before = baseline?.estimate?.value ?? null;
  const scale =
    isPoints || difference.isRelative ? 1 : before === null || before === 0 ? null : 1 / Math.abs(before);
  if (scale === null) return null;
  const turn = (limit: number) => (direction === "higher" ? limit : -limit) * scale;
  const { lower, upper, value } = difference;
  const ends = lower === null || upper === null ? null : [turn(lower), turn(upper)].sort((a, b) => a - b);
  const text = gateDifferenceText(difference, unit);
  const [least, most] = [ends?.[0] ?? null, ends?.[1] ?? null];
  return {
    isPoints,
    row: {
      label,
      note: text.limits || `${text.value}, no interval`,
      value: turn(value),
      lower: least,
      upper: most,
      tone: most !== null && most < 0 ? "worse" : least !== null && least > 0 ? "better" : "none",
    },
  };
}

/** A picture wider than a phone scrolls within its own place; the keyboard must reach it. */
function reachable(pictures: string): string {
  return pictures.replaceAll(
    '<div class="figure">',
    '<div class="figure" tabindex="0" role="group" aria-label="Plot of differences">',
  );
}
