import { counted } from "./counted.js";
import type { ExportedLabels, ImportedLabels, ImportedVerdicts, Tally } from "./label-import-documents.js";
import { oneLine } from "./plain-text.js";
import { textTable } from "./text-table.js";

const MOST_SHOWN = 12;
const NAME_WIDTH = 60;

/** What an import of labels added, and what it left out. */
export function renderImportedLabels(report: ImportedLabels): string {
  const { added, alreadyThere, rubrics, source, items } = report;
  const rubric = rubrics.map(shown).join(", ");
  const nothing = `nothing new: all ${counted(alreadyThere, "label")} of ${shown(source)} are there already`;
  const head =
    added === 0 && alreadyThere > 0
      ? nothing
      : `imported ${counted(added, "label")} of ${rubric === "" ? "no rubric" : rubric} from ${shown(source)}, ${counted(items, "item")}` +
        (alreadyThere === 0 ? "" : `; ${alreadyThere} more were there already`);
  return [
    head,
    `  by      ${listed(report.authors)}`,
    `  labels  ${listed(report.labels)}`,
    ...report.notes.map(note),
  ].join("\n");
}

/** What an import of verdicts added, judge by judge. */
export function renderImportedVerdicts(report: ImportedVerdicts): string {
  const { added, alreadyThere, repeated, source, rubric, judges } = report;
  const head =
    added === 0 && alreadyThere > 0
      ? `nothing new: all ${counted(alreadyThere, "verdict")} of ${shown(source)} are there already`
      : `imported ${counted(added, "verdict")} on ${shown(rubric)} from ${shown(source)}` +
        (alreadyThere === 0 ? "" : `; ${alreadyThere} more were there already`);
  const table = textTable(
    [
      { title: "judge" },
      { title: "new", align: "right" },
      { title: "verdicts" },
      { title: "without a label" },
    ],
    judges.map((one) => [
      oneLine(one.judge, NAME_WIDTH),
      String(one.added),
      listed(one.labels),
      one.withoutLabel.length === 0 ? "none" : listed(one.withoutLabel),
    ]),
  );
  const words = report.unmappedWords;
  const unmapped = words.reduce((sum, { count }) => sum + count, 0);
  return [
    head,
    ...table.map((line) => `  ${line}`),
    ...(repeated === 0 ? [] : [note(`${counted(repeated, "verdict")} said the same as an earlier row.`)]),
    ...(unmapped === 0
      ? []
      : [
          note(
            `${counted(unmapped, "verdict")} say words that stand for no label (${listed(words)}): they are kept and ` +
              "count as no verdict. --map word=label says what a word stands for.",
          ),
        ]),
    ...report.notes.map(note),
  ].join("\n");
}

/** What an export wrote to a file. */
export function renderExportedLabels({ rubric, file, rows, isCurrent }: ExportedLabels): string {
  const what = isCurrent
    ? counted(rows, "current label")
    : counted(rows, "label entry").replace("entrys", "entries");
  return `wrote ${oneLine(file ?? "", 200)}: ${what} of ${shown(rubric)}`;
}

function listed(tally: readonly Tally[]): string {
  if (tally.length === 0) return "none";
  const parts = tally.slice(0, MOST_SHOWN).map(({ name, count }) => `${oneLine(name, NAME_WIDTH)} ${count}`);
  return [...parts, ...(tally.length > MOST_SHOWN ? [`${tally.length - MOST_SHOWN} more`] : [])].join(", ");
}

function shown(name: string): string {
  return oneLine(name, 200);
}

function note(text: string): string {
  return `- ${oneLine(text, 600)}`;
}
