import type {
  CandidateComparison,
  ChangeVerdict,
  DistributionComparison,
  MetricComparison,
} from "../../comparison/comparison.js";
import { oneLine } from "../plain-text.js";
import { type Color, type Paint, painter, type TextStyle, widthOf, wrap } from "../text-style.js";
import { textTable } from "../text-table.js";
import { changedCaseLines } from "./changed-case-text.js";
import type { ComparisonReport } from "./comparison-report.js";
import {
  agentText,
  amountText,
  count,
  designText,
  manyCandidatesText,
  otherChanges,
  plainMeaning,
  primaryOf,
  pText,
  stepText,
  trialsText,
  VERDICT_WORDS,
} from "./comparison-words.js";
import { metricLines } from "./metric-table-text.js";
import { sliceLines } from "./slice-table-text.js";

const MAX_NAMED = 5;
const VERDICT_COLORS: Readonly<Record<ChangeVerdict, Color>> = {
  worse: "red",
  better: "green",
  "no-difference-shown": "bold",
  unknown: "yellow",
};

/** What `agentctl compare` prints: the finding in words first, then what it rests on. */
export function renderComparison(report: ComparisonReport, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const many = manyCandidatesText(report.candidates.length);
  return [
    ...report.candidates.flatMap((found, index) => [
      ...(index === 0 ? [] : ["", ""]),
      ...candidateLines(report, found, index, paint, width),
    ]),
    ...(many === null ? [] : ["", ...wrap(many, width)]),
  ].join("\n");
}

function candidateLines(
  report: ComparisonReport,
  found: CandidateComparison,
  index: number,
  paint: Paint,
  width: number,
): string[] {
  const { level } = report;
  return [
    ...headLines(report, found, index, paint, width),
    "",
    ...findingLines(found, level, paint, width),
    ...warningLines(found, paint, width),
    "",
    ...metricLines(found.metrics, level, paint, width),
    ...distributionLines(found.distributions, paint, width),
    ...sliceLines(found, level, paint, width),
    ...changedCaseLines(report, found, index, paint, width),
  ];
}

function headLines(
  { baseline, candidates }: ComparisonReport,
  { candidate }: CandidateComparison,
  index: number,
  paint: Paint,
  width: number,
): string[] {
  const label = candidates.length > 1 ? `candidate ${index + 1}` : "candidate";
  return [
    { name: "baseline", one: baseline },
    { name: label, one: candidate },
  ].map(({ name, one }) => {
    const tags = one.run.tags.length === 0 ? "" : ` · ${one.run.tags.join(", ")}`;
    const text = `${agentText(one)} · run ${one.run.id} · ${trialsText(one)}${tags}`;
    return `${paint(name.padEnd(label.length), "dim")}  ${oneLine(text, width - label.length - 2)}`;
  });
}

function findingLines(found: CandidateComparison, level: number, paint: Paint, width: number): string[] {
  const primary = primaryOf(found);
  const lines: string[] = [];
  if (primary !== undefined) {
    lines.push(
      paint(oneLine(`${primary.metric}: ${stepText(primary)}`, width), "bold"),
      ...indented(primary.sentence, width).map((line) => paint(line, VERDICT_COLORS[primary.verdict])),
      ...indented(plainMeaning(primary, level), width),
    );
  }
  for (const verdict of ["worse", "better"] as const) {
    const names = otherChanges(found, verdict);
    if (names.length === 0) continue;
    const also = primary?.verdict === verdict ? "Also " : "But ";
    lines.push(paint(`${also}${VERDICT_WORDS[verdict]}:`, VERDICT_COLORS[verdict]));
    lines.push(...names.slice(0, MAX_NAMED).flatMap((name) => indented(name, width)));
    if (names.length > MAX_NAMED) lines.push(`  and ${names.length - MAX_NAMED} more, in the table below`);
  }
  for (const { message } of found.reversals) {
    lines.push(...marked(paint, "Simpson's paradox: ", message, width));
  }
  const size = found.detectable === null ? "" : `; ${found.detectable.sentence}`;
  const tests = primary === undefined ? "" : testsText(primary);
  return [
    ...lines,
    ...wrap(`Design: ${designText(found.design)}${size}.`, width),
    ...wrap(tests, width).map((line) => paint(line, "dim")),
  ];
}

/** The test that decided and those that readers may expect: `McNemar mid-p .344 (decides); McNemar exact .508`. */
function testsText({ test, otherTests }: MetricComparison): string {
  if (test === null) return "";
  const others = otherTests.map(({ name, p }) => `${name} ${pText(p) || "none"}`);
  return `p by test: ${[`${test.name} ${pText(test.p) || "none"} (decides)`, ...others].join("; ")}.`;
}

function warningLines({ warnings }: CandidateComparison, paint: Paint, width: number): string[] {
  if (warnings.length === 0) return [];
  return ["", ...warnings.flatMap(({ message }) => marked(paint, "Not clean: ", message, width))];
}

function marked(paint: Paint, mark: string, message: string, width: number): string[] {
  return wrap(`${mark}${oneLine(message, 400)}`, width).map((line) => paint(line, "yellow"));
}

function indented(text: string, width: number): string[] {
  return wrap(oneLine(text, 600), width - 2).map((line) => `  ${line}`);
}

function distributionLines(
  distributions: readonly DistributionComparison[],
  paint: Paint,
  width: number,
): string[] {
  if (distributions.length === 0) return [];
  const quantile = (one: DistributionComparison, q: number) =>
    [one.baseline, one.candidate]
      .map((side) => amountText(side.quantiles.find((found) => found.q === q)?.value ?? null, one.unit))
      .join(" → ");
  const [titles = "", ...lines] = textTable(
    [
      { title: "every single" },
      { title: "n", align: "right" },
      { title: "median" },
      { title: "p95" },
      { title: "p", align: "right" },
      { title: "Holm", align: "right" },
      { title: width < 100 ? "" : "verdict" },
    ],
    distributions.map((one) => [
      one.label
        .replace("duration of an agent turn", "agent turn")
        .replace("duration of a trial", "trial time"),
      `${one.baseline.n}, ${one.candidate.n}`,
      quantile(one, 0.5),
      quantile(one, 0.95),
      pText(one.test.p),
      pText(one.adjustedP),
      width < 100 && one.verdict === "no-difference-shown" ? "" : VERDICT_WORDS[one.verdict],
    ]),
  );
  const names = [...new Set(distributions.map(({ test }) => test.name))].join(", ");
  return [
    "",
    paint("Distributions: a tail can double while the median stands", "bold"),
    paint(titles, "dim"),
    ...lines,
    ...wrap(`rank test on ${count(distributions.length, "kind")} of measurement: ${names}`, width).map(
      (line) => paint(line, "dim"),
    ),
  ];
}
