import type { JudgeEstimateReport } from "../../judge/correction/estimate-report.js";
import { formatScore, limitsOf } from "../agreement-words.js";
import { counted } from "../counted.js";
import { formatLevel, shortHash } from "../format.js";
import { renderDocument } from "../json-document.js";
import { oneLine } from "../plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";
import { estimateRows } from "./estimate-rows.js";

const NAME_CHARACTERS = 60;

const MEASURES = {
  share: "share that passes",
  grade: "mean grade",
  "win-rate": "share of pairs that the first answer wins, a tie being half a win",
} as const;

/** A corrected estimate as one JSON document. */
export function renderJudgeEstimateJson(report: JudgeEstimateReport): string {
  return renderDocument("judge-estimate", report);
}

/** The mean of a judge and its corrections beside each other, with what they rest on. */
export function renderJudgeEstimate(report: JudgeEstimateReport, style: TextStyle): string {
  const paint = painter(style);
  const { judge, judgeVersion, rubric, runId, measure, level, items, unusable, notJudged, labels } = report;
  const width = widthOf(style);
  const about = [
    `run ${runId}: ${counted(items, "item")} judged`,
    ...(unusable === 0 ? [] : [`${unusable} without a usable verdict`]),
    ...(notJudged === 0 ? [] : [`${notJudged} not judged`]),
    `${counted(labels.used, "label")} of ${oneLine(rubric, NAME_CHARACTERS)} used`,
  ].join(", ");
  const rows = estimateRows(report);
  const [titles = "", ...lines] = textTable(
    [
      { title: MEASURES[measure] },
      { title: "estimate", align: "right" },
      { title: formatLevel(level) },
      { title: "n", align: "right" },
      { title: "" },
    ],
    rows.map(({ name, mean, note }) => [
      name,
      formatScore(mean.estimate),
      limitsOf(mean),
      String(mean.n),
      mean.reason === null ? note : "",
    ]),
  );
  return [
    paint(`${oneLine(judge, NAME_CHARACTERS)} ${shortHash(judgeVersion)}`, "bold"),
    ...wrap(about, width).map((line) => paint(line, "dim")),
    "",
    paint(titles, "dim"),
    ...lines,
    ...rows.flatMap(({ name, mean }) =>
      mean.reason === null
        ? []
        : wrap(`${name}: ${mean.estimate === null ? "none" : "no interval"}, ${mean.reason}`, width).map(
            (line) => paint(line, "dim"),
          ),
    ),
    ...report.warnings.flatMap((warning) =>
      ["", ...wrap(`warning: ${warning}`, width)].map((line) => paint(line, "yellow")),
    ),
  ].join("\n");
}
