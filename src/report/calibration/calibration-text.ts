import type { CalibrationReport } from "../../judge/calibration/calibration-report.js";
import type { Disagreement } from "../../judge/calibration/disagreements.js";
import { FEWEST_IN_SLICE } from "../../judge/calibration/slice-agreement.js";
import { formatScore, formatShare, labelText, limitsOf } from "../agreement-words.js";
import { shortHash } from "../format.js";
import { renderDocument } from "../json-document.js";
import { oneLine } from "../plain-text.js";
import { type Color, painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";
import { calibrationFacts } from "./calibration-facts.js";
import { dayOf, nameText, sliceKappa } from "./calibration-words.js";

const COLORS = { calibrated: "green", advisory: "yellow", unusable: "red" } as const satisfies {
  readonly [verdict: string]: Color;
};
const NAME = 13;
const MOST_SHOWN = 5;
const MOST_SLICES = 24;
const MOST_ERRORS = 10;
const SLICE_CHARACTERS = 30;

/** A calibration as one JSON document. */
export function renderCalibrationJson(report: CalibrationReport): string {
  return renderDocument("judge-calibration", report);
}

/** A calibration for a terminal: the verdict and why, the figures, slices, the worst disagreements. */
export function renderCalibration(report: CalibrationReport, style: TextStyle): string {
  return [
    ...headLines(report, style),
    "",
    ...factLines(report, style),
    "",
    ...confusionLines(report, style),
    ...sliceLines(report, style),
    ...pairLines(report, style),
    ...disagreementLines(report, style),
  ].join("\n");
}

function headLines(report: CalibrationReport, style: TextStyle): string[] {
  const paint = painter(style);
  const { verdict, reason, metric, judgeVersion, rubric, expiresAt } = report;
  const until = verdict === "calibrated" ? `; may gate until ${dayOf(expiresAt)}` : "; may not gate";
  const facts = `${metric}, rubric ${nameText(rubric)}, version ${shortHash(judgeVersion)}${until}`;
  return [
    `${paint(nameText(report.judge), "bold")}: ${paint(verdict, "bold", COLORS[verdict])}`,
    ...wrap(reason, widthOf(style) - 2).map((line) => `  ${line}`),
    ...wrap(facts, widthOf(style) - 2).map((line) => `  ${paint(line, "dim")}`),
  ];
}

function factLines(report: CalibrationReport, style: TextStyle): string[] {
  const paint = painter(style);
  return calibrationFacts(report).flatMap(([name, text]) =>
    wrap(text, widthOf(style) - NAME - 2).map(
      (line, index) => `  ${paint((index === 0 ? name : "").padEnd(NAME), "dim")}${line}`,
    ),
  );
}

function confusionLines({ agreement, marginals }: CalibrationReport, style: TextStyle): string[] {
  const labels = marginals.map(({ category }) => labelText(category));
  const [titles = "", ...rows] = textTable(
    [{ title: "people \\ judge" }, ...labels.map((title) => ({ title, align: "right" as const }))],
    agreement.confusion.map((counts, row) => [labels[row] ?? "", ...counts.map(String)]),
  );
  const isTooWide = Array.from(titles).length > widthOf(style) - 2;
  const lines = isTooWide ? errorLines(agreement.confusion, labels) : rows;
  return [
    `  ${painter(style)(isTooWide ? "commonest errors" : titles, "dim")}`,
    ...lines.map((line) => `  ${line}`),
  ];
}

/** For scales whose table does not fit. */
function errorLines(confusion: readonly (readonly number[])[], labels: readonly string[]): readonly string[] {
  return confusion
    .flatMap((row, i) => row.map((count, j) => ({ count, i, j })))
    .filter(({ count, i, j }) => i !== j && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_ERRORS)
    .map(({ count, i, j }) => `${String(count).padStart(5)}  people ${labels[i]}, judge ${labels[j]}`);
}

function sliceLines({ slices }: CalibrationReport, style: TextStyle): string[] {
  if (slices.length === 0) return [];
  const [titles = "", ...rows] = textTable(
    [
      { title: "slice" },
      { title: "n", align: "right" },
      { title: "accuracy", align: "right" },
      { title: "kappa" },
    ],
    slices
      .slice(0, MOST_SLICES)
      .map((one) => [
        oneLine(`${one.by} ${one.slice}`, SLICE_CHARACTERS),
        String(one.n),
        formatShare(one.accuracy),
        sliceKappa(one, FEWEST_IN_SLICE),
      ]),
  );
  const more = slices.length - MOST_SLICES;
  const rest = more > 0 ? [`  and ${more} more: --json or --html shows them all`] : [];
  return ["", `  ${painter(style)(titles, "dim")}`, ...rows.map((row) => `  ${row}`), ...rest];
}

function pairLines({ people }: CalibrationReport, style: TextStyle): string[] {
  if (people === null || people.pairs.length === 0) return [];
  const [titles = "", ...rows] = textTable(
    [
      { title: "two people" },
      { title: "n", align: "right" },
      { title: "same", align: "right" },
      { title: "kappa" },
    ],
    people.pairs
      .slice(0, MOST_SHOWN)
      .map(({ a, b, n, agreement, kappa, lower, upper }) => [
        oneLine(`${a} and ${b}`, SLICE_CHARACTERS),
        String(n),
        formatShare(agreement),
        `${formatScore(kappa)} ${limitsOf({ lower, upper })}`.trimEnd(),
      ]),
  );
  return ["", `  ${painter(style)(titles, "dim")}`, ...rows.map((row) => `  ${row}`)];
}

function disagreementLines({ disagreements, agreement }: CalibrationReport, style: TextStyle): string[] {
  if (disagreements.length === 0) return [];
  const paint = painter(style);
  const off = agreement.confusion.flatMap((row, i) => row.filter((_, j) => i !== j));
  const total = off.reduce((sum, count) => sum + count, 0);
  const shown = disagreements.slice(0, MOST_SHOWN);
  const title = total > shown.length ? `worst ${shown.length} of ${total} disagreements` : "disagreements";
  return ["", `  ${paint(title, "bold")}`, ...shown.flatMap((one) => sideBySide(one, style))];
}

function sideBySide(one: Disagreement, style: TextStyle): string[] {
  const paint = painter(style);
  const width = widthOf(style) - NAME - 4;
  const line = (name: string, text: string) =>
    text === "" ? [] : [`    ${paint(name.padEnd(NAME), "dim")}${oneLine(text, width)}`];
  const comments = one.people.flatMap(({ author, comment }) =>
    comment === null ? [] : [`${nameText(author)}: ${comment}`],
  );
  return [
    `  ${oneLine(one.item, widthOf(style) - 40)}: people ${labelText(one.truth)}, judge ${labelText(one.judged)}`,
    ...(one.isHidden ? line("", "(holdout case: its text is not shown)") : []),
    ...line("asked", one.question ?? ""),
    ...line(one.otherAnswer === null ? "answer" : "first", one.answer ?? ""),
    ...line("second", one.otherAnswer ?? ""),
    ...comments.slice(0, 2).flatMap((comment) => line("person", comment)),
    ...line("judge", one.reasoning),
  ];
}
