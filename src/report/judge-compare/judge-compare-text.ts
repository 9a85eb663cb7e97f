import type { JudgeAgreement } from "../../judge/comparison/compare-judges.js";
import type { JudgeComparisonReport, ShownItem } from "../../judge/comparison/comparison-report.js";
import { formatScore, limitsOf } from "../agreement-words.js";
import { counted } from "../counted.js";
import { formatLevel, shortHash } from "../format.js";
import { renderDocument } from "../json-document.js";
import { oneLine } from "../plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";

const NAME_CHARACTERS = 40;
const ITEM_CHARACTERS = 60;
const MOST_ITEMS = 5;

const VERDICTS = {
  better: "better",
  worse: "worse",
  "cannot-tell": "cannot tell",
} as const;

/** Two judges on the same labels as one JSON document. */
export function renderJudgeComparisonJson(report: JudgeComparisonReport): string {
  return renderDocument("judge-comparison", report);
}

/** Two judges on the same labels: figures of each, their difference, what decided, and the items that changed. */
export function renderJudgeComparison(report: JudgeComparisonReport, style: TextStyle): string {
  const paint = painter(style);
  const { judges, verdict, reason, rubric, level, weights, n } = report;
  const [first, second] = [judges.first, judges.second].map(({ judge }) => oneLine(judge, NAME_CHARACTERS));
  const color = verdict === "better" ? "green" : verdict === "worse" ? "red" : "yellow";
  const weighting = weights === "none" ? "" : `, ${weights} weights`;
  const [titles = "", ...rows] = textTable(
    [
      { title: "judge" },
      { title: "version" },
      { title: "agreement", align: "right" },
      { title: "interval" },
      { title: "kappa", align: "right" },
      { title: "interval" },
    ],
    (["first", "second"] as const).map((which) => {
      const { judge, judgeVersion } = judges[which];
      return [oneLine(judge, NAME_CHARACTERS), shortHash(judgeVersion), ...agreementCells(report[which])];
    }),
  );
  const { agreementDifference: agreement, kappaDifference: kappa } = report;
  return [
    paint(`${first} → ${second}, labels of ${oneLine(rubric, NAME_CHARACTERS)}`, "bold"),
    paint(`${counted(n, "item")} that both judged${weighting}, intervals at ${formatLevel(level)}`, "dim"),
    "",
    paint(titles, "dim"),
    ...rows,
    "",
    `difference of agreement  ${formatScore(agreement.estimate)} ${limitsOf(agreement)}  McNemar exact p = ${formatScore(agreement.p)}`,
    `difference of kappa      ${formatScore(kappa.estimate)} ${limitsOf(kappa)}  permutation p = ${formatScore(kappa.p)}`,
    "",
    ...wrap(`${second} against ${first}: ${VERDICTS[verdict]}, ${reason}.`, widthOf(style)).map((line) =>
      paint(line, color),
    ),
    "",
    ...leftOut(report).flatMap((text) => wrap(text, widthOf(style))),
    ...changedSections(report, style),
  ].join("\n");
}

function agreementCells({ agreement, ...kappa }: JudgeAgreement): string[] {
  return [formatScore(agreement.estimate), limitsOf(agreement), formatScore(kappa.kappa), limitsOf(kappa)];
}

/** Nothing is left out unsaid. */
function leftOut({ items, unusable, judges }: JudgeComparisonReport): string[] {
  const [first, second] = [judges.first, judges.second].map(({ judge }) => oneLine(judge, NAME_CHARACTERS));
  const parts: readonly (readonly [number, string])[] = [
    [items.onlyFirst, `judged by ${first} alone`],
    [items.onlySecond, `judged by ${second} alone`],
    [items.neither, "judged by neither"],
    [
      unusable.items,
      `without a usable verdict (${unusable.first} of ${first}, ${unusable.second} of ${second})`,
    ],
    [items.disputed, "that people disagree about"],
    [items.strangeLabels, "with a label outside the scale"],
  ];
  const said = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  const labelled = counted(items.labelled, "labelled item");
  return [said.length === 0 ? `${labelled}, none left out` : `${labelled}; left out: ${said.join(", ")}`];
}

function changedSections(report: JudgeComparisonReport, style: TextStyle): string[] {
  const { first, second } = report.judges;
  const titles = {
    won: `only ${oneLine(second.judge, NAME_CHARACTERS)} is right`,
    lost: `only ${oneLine(first.judge, NAME_CHARACTERS)} is right`,
    "both-wrong": "both are wrong",
  } as const;
  return (["won", "lost", "both-wrong"] as const).flatMap((change) => {
    const items = report.changed.filter((one) => one.change === change);
    const more = items.length - MOST_ITEMS;
    return items.length === 0
      ? []
      : [
          "",
          painter(style)(`${counted(items.length, "item")}: ${titles[change]}`, "bold"),
          ...items.slice(0, MOST_ITEMS).flatMap((item) => itemLines(item, style)),
          ...(more > 0 ? [`  … ${more} more, all with --json`] : []),
        ];
  });
}

function itemLines(item: ShownItem, style: TextStyle): string[] {
  const paint = painter(style);
  const verdicts = `people ${item.truth}, first ${item.first}, second ${item.second}`;
  const texts = [
    ["question", item.question],
    ["answer", item.answer],
    ["other", item.otherAnswer],
  ] as const;
  return [
    `  ${oneLine(item.item, ITEM_CHARACTERS)}  ${oneLine(verdicts, ITEM_CHARACTERS)}`,
    ...texts.flatMap(([name, text]) =>
      text === null ? [] : [paint(`    ${name.padEnd(8)}  ${oneLine(text, widthOf(style) - 14)}`, "dim")],
    ),
  ];
}
