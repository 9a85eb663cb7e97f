import { type CheckedFile, type DatasetCheck, isClean } from "../datasets/tools/check-datasets.js";
import type { DatasetFinding, FindingCode } from "../datasets/tools/dataset-finding.js";
import { counted } from "./counted.js";
import { formatTallies } from "./dataset-tally-text.js";
import { shortHash } from "./format.js";
import { oneLine } from "./plain-text.js";
import { type Paint, painter, type TextStyle, widthOf, wrap } from "./text-style.js";

const MOST_SHOWN = 10;

/** What each kind of finding means for the user. */
const TITLES: { readonly [Code in FindingCode]: readonly [title: string, meaning: string] } = {
  "leak-text": ["holdout leaks", "the holdout repeats cases that were worked on"],
  "leak-group": ["groups on both sides of the holdout", "paraphrases of holdout cases were worked on"],
  "exact-duplicate": ["exact duplicates", "the same evidence is counted twice"],
  "overlap-text": ["test repeats dev", "decisions rest on cases that were worked on"],
  "overlap-group": ["groups in dev and test", "decisions rest on paraphrases of cases that were worked on"],
  conflict: ["conflicting labels", "no agent can meet both"],
  "near-duplicate": [
    "near-duplicates in different groups",
    "intervals count them as independent; give them one `group`, or drop them with `agentctl dataset dedupe`",
  ],
  "unreviewed-high-risk": ["high risk without a review", "nobody vouches for their labels"],
  rejected: ["rejected cases", "take them out, or review them again"],
  "nothing-expected": ["nothing to check", "add an expectation, or take them out"],
  "small-slice": ["small slices", "even if all pass, little can be said of them"],
};

/** The verdict of a check: each file in a few lines, then findings by kind, problems first. */
export function renderDatasetCheck(check: DatasetCheck, isStrict: boolean, style: TextStyle): string {
  const paint = painter(style);
  const width = widthOf(style);
  const { threshold, shingleWords, seed } = check.similarity;
  const codes = [...new Set(check.findings.map((one) => one.code))];
  return [
    ...check.files.flatMap((file) => fileLines(file, paint, width)),
    ...codes.flatMap((code) => [
      "",
      ...codeLines(
        code,
        check.findings.filter((one) => one.code === code),
        check.files.length > 1,
        paint,
        width,
      ),
    ]),
    "",
    ...wrap(
      `Near-duplicates: ${shingleWords}-word shingles, Jaccard similarity from ${threshold}, MinHash seed ${seed}.`,
      width,
    ).map((line) => paint(line, "dim")),
    verdictLine(check, isStrict, paint),
  ].join("\n");
}

function fileLines(file: CheckedFile, paint: Paint, width: number): string[] {
  const head = `${counted(file.cases, "case")} in ${counted(file.clusters, "group")}`;
  const rows: [string, string][] = [
    ["splits", formatTallies(file.splits)],
    ["risk", formatTallies(file.risks)],
    ["tags", formatTallies(file.tags)],
    ["labels", formatTallies(file.expectations.filter((one) => one.cases > 0))],
  ];
  return [
    `${paint(oneLine(file.path, 200), "bold")} @${shortHash(file.hash)} · ${head}`,
    ...rows.flatMap(([label, text]) =>
      wrap(text === "" ? "none" : text, width - 10).map((line, index) =>
        `  ${paint((index === 0 ? label : "").padEnd(8), "dim")}${line}`.trimEnd(),
      ),
    ),
  ];
}

function codeLines(
  code: FindingCode,
  findings: readonly DatasetFinding[],
  hasSeveralFiles: boolean,
  paint: Paint,
  width: number,
): string[] {
  const [title, meaning] = TITLES[code];
  const isProblem = findings[0]?.severity === "problem";
  const mark = paint(isProblem ? "✗" : "!", isProblem ? "red" : "yellow");
  const heading = `${findings.length} × ${title}: ${meaning}`;
  const hidden = findings.length - MOST_SHOWN;
  return [
    ...wrap(heading, width - 2).map((line, index) => `${index === 0 ? mark : " "} ${line}`),
    ...findings.slice(0, MOST_SHOWN).map((one) => `  ${findingText(one, hasSeveralFiles)}`),
    ...(hidden > 0 ? [paint(`  and ${hidden} more; --json lists them all`, "dim")] : []),
  ];
}

function findingText({ code, message, cases, similarity }: DatasetFinding, hasSeveralFiles: boolean): string {
  const place = (index: number) => {
    const one = cases[index];
    if (one === undefined) return "";
    return `${oneLine(one.id, 60)} (${hasSeveralFiles ? oneLine(one.file, 100) : "line "}${hasSeveralFiles ? ":" : ""}${one.line})`;
  };
  if (code === "small-slice") return oneLine(message, 200);
  if (code === "leak-group" || code === "overlap-group") {
    return `${oneLine(message, 200)}: ${cases
      .slice(0, 4)
      .map((_, index) => place(index))
      .join(", ")}${cases.length > 4 ? " …" : ""}`;
  }
  const other = cases.length > 1 ? ` ${place(1)}` : "";
  const degree = similarity === null || similarity === 1 ? "" : `, ${similarity.toFixed(2)}`;
  return `${place(0)} ${oneLine(message, 200)}${other}${degree}`;
}

function verdictLine(check: DatasetCheck, isStrict: boolean, paint: Paint): string {
  const { problems, warnings } = check;
  const counts = `${problems} problem${problems === 1 ? "" : "s"}, ${warnings} warning${warnings === 1 ? "" : "s"}`;
  if (problems + warnings === 0) return paint("clean: nothing found", "green");
  return isClean(check, isStrict) ? paint(`clean: ${counts}`, "green") : paint(`not clean: ${counts}`, "red");
}
