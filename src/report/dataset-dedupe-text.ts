import type { DedupeReport } from "../datasets/tools/dedupe-report.js";
import { counted } from "./counted.js";
import { shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";
import { painter, type TextStyle } from "./text-style.js";

/** The cases that were left out, each with the one that stays for it. */
export function renderDatasetDedupe(
  report: DedupeReport & { readonly output: string; readonly hash: string },
  style: TextStyle,
): string {
  const paint = painter(style);
  const { threshold, shingleWords, seed } = report.similarity;
  const conflicts = report.dropped.filter((one) => !one.isSameExpectation).length;
  return [
    `wrote ${oneLine(report.output, 200)} @${shortHash(report.hash)} · kept ${counted(report.kept, "case")}, dropped ${report.dropped.length}`,
    ...report.dropped.map((one) => {
      const other = one.isSameExpectation ? "" : paint(" (expected something else)", "yellow");
      return `- ${oneLine(one.id, 60)} (line ${one.line})  like ${oneLine(one.keptId, 60)} (line ${one.keptLine})  ${one.similarity.toFixed(2)}${other}`;
    }),
    ...(conflicts === 0
      ? []
      : [
          paint(
            `${counted(conflicts, "dropped case")} expected something else than the one kept: look there`,
            "yellow",
          ),
        ]),
    paint(`${shingleWords}-word shingles, Jaccard similarity from ${threshold}, MinHash seed ${seed}`, "dim"),
  ].join("\n");
}
