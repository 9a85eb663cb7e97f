import type { DatasetStats, Spread } from "../datasets/tools/dataset-stats.js";
import { counted } from "./counted.js";
import { formatTallies } from "./dataset-tally-text.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle, widthOf, wrap } from "./text-style.js";

const LABEL = 14;

/** What a golden set holds, one row a question. */
export function renderDatasetStats(stats: DatasetStats, style: TextStyle): string {
  const paint = painter(style);
  const { groups } = stats;
  const largest = groups.largest
    .filter((one) => one.cases > 1)
    .map((one) => `${oneLine(one.group, 40)} ${one.cases}`);
  const rows: [string, string][] = [
    ["hash", stats.hash],
    ["splits", formatTallies(stats.splits)],
    ["risk", formatTallies(stats.risks)],
    ["tags", formatTallies(stats.tags)],
    ["environment", formatTallies(stats.environments)],
    [
      "groups",
      `${groups.count} independent${largest.length === 0 ? ", one case each" : `; size ${spreadText(groups.size)}; largest: ${largest.join(", ")}`}`,
    ],
    ["input", formatTallies(stats.inputKinds)],
    ["words", spreadText(stats.inputWords)],
    ["characters", spreadText(stats.inputCharacters)],
    ["labels", formatTallies(stats.expectations.filter((one) => one.cases > 0)) || "none"],
    ["no label", `${counted(stats.nothingExpected, "case")} with nothing to check`],
    ["review", formatTallies(stats.reviews)],
  ];
  return [
    `${paint(oneLine(stats.datasetVersion, 100), "bold")} · ${counted(stats.cases, "case")} · ${oneLine(stats.path, 200)}`,
    ...rows.flatMap(([label, text]) =>
      wrap(text, widthOf(style) - LABEL - 2).map(
        (line, index) => `  ${paint((index === 0 ? label : "").padEnd(LABEL), "dim")}${line}`,
      ),
    ),
  ].join("\n");
}

function spreadText({ least, median, mean, p95, most }: Spread): string {
  const shown = (value: number) => String(Number(value.toFixed(1)));
  return `${shown(least)} to ${shown(most)}, median ${shown(median)}, mean ${shown(mean)}, p95 ${shown(p95)}`;
}
