import type { CandidateComparison, SliceComparison } from "../../comparison/comparison.js";
import { oneLine } from "../plain-text.js";
import { type Paint, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";
import {
  amountText,
  changeText,
  intervalTitle,
  limitsText,
  primaryOf,
  pText,
  VERDICT_WORDS,
} from "./comparison-words.js";

const MAX_SLICES = 15;
const WIDE = 110;

/** The primary metric on each slice: those that differ first, then the largest changes. */
export function sliceLines(found: CandidateComparison, level: number, paint: Paint, width: number): string[] {
  const { slices } = found;
  const unit = primaryOf(found)?.unit ?? "proportion";
  if (slices.length === 0) return [];
  const isWide = width >= WIDE;
  const shown = [...slices].sort(byInterest).slice(0, MAX_SLICES);
  const [titles = "", ...lines] = textTable(
    [
      { title: "slice" },
      { title: "n", align: "right" },
      { title: "baseline", align: "right" },
      { title: "candidate", align: "right" },
      { title: "difference", align: "right" },
      ...(isWide ? [{ title: intervalTitle(level) }] : []),
      { title: "p (Holm)", align: "right" },
      { title: "" },
    ],
    shown.map((slice) => [
      oneLine(`${slice.by} ${slice.slice}`, isWide ? 32 : 24),
      String(slice.difference.n),
      amountText(slice.baseline, unit),
      amountText(slice.candidate, unit),
      changeText(slice.difference.value, unit),
      ...(isWide ? [limitsText(slice.difference, unit)] : []),
      pText(slice.adjustedP),
      slice.verdict === "worse" || slice.verdict === "better" ? VERDICT_WORDS[slice.verdict] : "",
    ]),
  );
  const left = slices.length - shown.length;
  const more = left > 0 ? `and ${left} more slices: the HTML report shows them all` : "";
  return [
    "",
    paint(`Slices: ${oneLine(found.changes.metric, 48)} by part of the golden set`, "bold"),
    paint(titles, "dim"),
    ...lines,
    ...wrap(more, width).map((line) => paint(line, "dim")),
  ];
}

const RANK: Readonly<Record<SliceComparison["verdict"], number>> = {
  worse: 0,
  better: 1,
  "no-difference-shown": 2,
  unknown: 3,
};

function byInterest(a: SliceComparison, b: SliceComparison): number {
  const size = ({ difference }: SliceComparison) => Math.abs(difference.value ?? 0);
  return RANK[a.verdict] - RANK[b.verdict] || size(b) - size(a);
}
