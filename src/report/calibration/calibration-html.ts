import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import { FEWEST_IN_SLICE } from "../../judge/calibration/slice-agreement.js";
import { counted } from "../counted.js";
import { escapeHtml } from "../escape-html.js";
import { formatLevel, shortHash } from "../format.js";
import { staticPage } from "../html/html-page.js";
import { PAGE_STYLE } from "../html/html-style.js";
import { figure } from "../plots/plot-keys.js";
import { PLOT_STYLE } from "../plots/plot-style.js";
import { biasPlot } from "./bias-plot.js";
import { CALIBRATION_STYLE } from "./calibration-html-style.js";
import { confusionTable, disagreementsHtml, factTable } from "./calibration-html-tables.js";
import { dayOf, nameText } from "./calibration-words.js";
import { type IntervalRow, intervalPlot } from "./interval-plot.js";

const MOST_PAIRS = 5;

/** A calibration as one HTML page with its plots inline: no script, no network. */
export function renderCalibrationHtml(report: CalibrationReport): string {
  const { judge, verdict, disagreements, slices } = report;
  const biases = biasPlot(report);
  return staticPage(`${nameText(judge)}: ${verdict}`, `${PAGE_STYLE}${PLOT_STYLE}${CALIBRATION_STYLE}`, [
    '<nav><b>agentctl judge calibrate</b><a href="#agreement">Agreement</a><a href="#differ">Disagreements</a></nav>',
    bannerHtml(report),
    '<h2 id="agreement">Agreement with people</h2>',
    factTable(report),
    "<h2>Intervals</h2>",
    figure(
      "Agreement against the floor",
      `Bars are ${formatLevel(report.level)} intervals. The judge may gate when the lower limit of its kappa reaches the floor.`,
      intervalPlot(measures(report), report.floor, "Agreement against the floor"),
    ),
    "<h2>Confusion</h2>",
    '<p class="hint">Stronger colour: a larger share of what people called so.</p>',
    confusionTable(report),
    ...(biases === null
      ? []
      : [
          "<h2>Biases</h2>",
          figure(
            "Which way it leans",
            "No bias: position and pairs have bars of equal length; grades lean alike in the longer and the shorter half.",
            biases,
          ),
        ]),
    ...(slices.length === 0
      ? []
      : [
          "<h2>Slices</h2>",
          figure(
            "Kappa by slice",
            `Slices of fewer than ${FEWEST_IN_SLICE} items have no kappa.`,
            intervalPlot(sliceRows(report), report.floor, "Kappa by slice"),
          ),
        ]),
    `<h2 id="differ">Disagreements</h2>`,
    `<p class="hint">${escapeHtml(differHint(report))}</p>`,
    ...(disagreements.length === 0 ? [] : [disagreementsHtml(report)]),
  ]);
}

function bannerHtml(report: CalibrationReport): string {
  const { judge, verdict, reason, metric, rubric, judgeVersion, at, expiresAt } = report;
  const heading = `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}`;
  const until = verdict === "calibrated" ? `It may gate until ${dayOf(expiresAt)}.` : "It may not gate.";
  const facts = `metric ${metric}, rubric ${nameText(rubric)}, version ${shortHash(judgeVersion)}, measured ${dayOf(at)}`;
  return `<section class="banner ${verdict}"><div><p class="eyebrow">${escapeHtml(nameText(judge))}</p><h1>${heading}</h1></div><div><p>${escapeHtml(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`)} ${until}</p><small>${escapeHtml(facts)}</small></div></section>`;
}

function measures({ agreement, order, people }: CalibrationReport): readonly IntervalRow[] {
  const { kappa, ac1 } = agreement;
  return [
    measure("kappa", kappa.kappa, kappa, true),
    measure("AC1", ac1.ac1, ac1, false),
    ...(order === null
      ? []
      : [measure("answers swapped", order.agreement.kappa.kappa, order.agreement.kappa, false)]),
    ...(people?.pairs.slice(0, MOST_PAIRS) ?? []).map((pair) =>
      measure(`${nameText(pair.a)} and ${nameText(pair.b)}`, pair.kappa, pair, false),
    ),
  ];
}

function measure(
  label: string,
  value: number | null,
  { lower, upper }: Pick<IntervalRow, "lower" | "upper">,
  isHeldToFloor: boolean,
): IntervalRow {
  return { label, value, lower, upper, isHeldToFloor, missing: "not defined" };
}

function sliceRows({ slices }: CalibrationReport): readonly IntervalRow[] {
  return slices.map(({ by, slice, n, kappa, lower, upper }) => ({
    label: `${by} ${slice}, ${n}`,
    value: kappa,
    lower,
    upper,
    isHeldToFloor: true,
    missing: n < FEWEST_IN_SLICE ? counted(n, "item") : "not defined",
  }));
}

function differHint({ disagreements, agreement }: CalibrationReport): string {
  const total = agreement.confusion.reduce(
    (sum, row, i) => sum + row.reduce((inRow, count, j) => inRow + (i === j ? 0 : count), 0),
    0,
  );
  if (agreement.n === 0) return "There is nothing to compare.";
  if (total === 0) return "People and judge agree on every item.";
  return total > disagreements.length
    ? `The worst ${disagreements.length} of ${total}, the largest distance first.`
    : `All ${total}, the largest distance first.`;
}
