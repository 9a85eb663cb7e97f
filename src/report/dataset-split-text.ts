import type { SplitReport, StratumSplit } from "../datasets/tools/split-report.js";
import { counted } from "./counted.js";
import { formatShare, nameOf } from "./dataset-tally-text.js";
import { shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";
import { textTable } from "./text-table.js";

/** What a split did: where it was written, the shares by stratum, the cases that moved. */
export function renderDatasetSplit(
  report: SplitReport & { readonly output: string; readonly hash: string },
  style: TextStyle,
): string {
  const paint = painter(style);
  const { plan } = report;
  const [titles, ...rows] = textTable(
    [
      { title: "cases of" },
      { title: "dev", align: "right" },
      { title: "test", align: "right" },
      { title: "holdout", align: "right" },
      { title: "share" },
    ],
    report.strata.map(stratumCells),
  );
  const units = plan.by === "group" ? counted(report.units, "group") : counted(report.units, "case");
  const wanted = `holdout ${formatShare(plan.holdout)}${plan.test === null ? "" : `, test ${formatShare(plan.test)}`}`;
  return [
    `wrote ${oneLine(report.output, 200)} @${shortHash(report.hash)} · ${wanted} of ${units}, seed ${plan.seed}`,
    paint(titles ?? "", "dim"),
    ...rows,
    ...report.moved.map(({ from, to, cases }) => `${counted(cases, "case")} moved from ${from} to ${to}`),
    ...warningsOf(report).flatMap((text) => wrap(text, widthOf(style)).map((line) => paint(line, "yellow"))),
    ...wrap(
      `Each ${plan.by} is placed by the hash of its name and the seed alone, so none moves when others come or go. Shares hold on average: there are no quotas by risk or tag, which would move cases. Another seed draws anew.`,
      widthOf(style),
    ).map((line) => paint(line, "dim")),
  ].join("\n");
}

function stratumCells({ key, value, dev, test, holdout }: StratumSplit): string[] {
  const total = dev + test + holdout;
  return [
    key === "all" ? "the set" : `${key} ${nameOf(value)}`,
    String(dev),
    String(test),
    String(holdout),
    total === 0 ? "" : formatShare(holdout / total),
  ];
}

function warningsOf({ strata, moved, tornGroups, plan }: SplitReport): string[] {
  const missing = strata.filter((one) => one.holdout === 0).map((one) => nameOf(one.value));
  const isEmpty = strata[0]?.holdout === 0;
  return [
    ...(isEmpty ? ["The holdout is empty: take a larger share, or another seed."] : []),
    ...(!isEmpty && missing.length > 0 ? [`Not in the holdout: ${missing.join(", ")}.`] : []),
    ...(moved.some((one) => one.from === "holdout")
      ? ["Cases left the holdout; what a new seed puts there may have been worked on."]
      : []),
    ...(plan.by === "case" && tornGroups > 0
      ? [`${tornGroups} groups cross splits, so paraphrases leak; use --by group.`]
      : []),
  ];
}
