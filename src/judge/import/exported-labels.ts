import { quoteName, quoteShort } from "../../config/found-and-wanted.js";
import type { LabelEntry } from "../../core/judgement.js";
import { listNames } from "../../core/nearest.js";
import type { TableRow } from "../../datasets/import/table-file.js";
import type { ItemLabels } from "../current-labels.js";
import { CURRENT_MARK, ENTRY_MARK } from "./export-marks.js";
import { checkFields, type JudgementTable, textAt } from "./judgement-table.js";

const ENTRY_FIELDS = ["rubric", "item", "author", "action", "value", "comment", "at", "source"] as const;
const ACTIONS: readonly string[] = ["label", "skip", "flag", "comment", "adjudicate", "undo"];

/** One row of an export by column, the mark first. */
export type ExportedRow = { readonly [column: string]: string | boolean | null };

/** Every entry, as it was added. */
export function entryRows(entries: readonly LabelEntry[]): readonly ExportedRow[] {
  return entries.map((entry) => ({
    [ENTRY_MARK]: entry.id,
    ...Object.fromEntries(ENTRY_FIELDS.map((field) => [field, entry[field]])),
  }));
}

/** What each author says now of each item, and what counts. */
export function currentRows(rubric: string, items: readonly ItemLabels[]): readonly ExportedRow[] {
  return items.flatMap(({ byAuthor, truth, isAdjudicated, isDisputed }) =>
    byAuthor.map(({ item, author, value, isSkipped, isFlagged, comment, at }) => ({
      [CURRENT_MARK]: rubric,
      item,
      author,
      value,
      comment,
      at,
      is_skipped: isSkipped,
      is_flagged: isFlagged,
      truth,
      is_adjudicated: isAdjudicated,
      is_disputed: isDisputed,
    })),
  );
}

/** Whether a table is an export of entries. */
export function isLabelExport({ fields }: JudgementTable): boolean {
  return fields.includes(ENTRY_MARK);
}

/**
 * Reads entries back as they were. What is wrong is noted in the table's problems.
 *
 * @param rubric - takes the entries of this rubric alone; `null`: of all
 * @param labelsOf - labels of a rubric; `null`: any
 */
export function readExportedLabels(
  table: JudgementTable,
  rubric: string | null,
  labelsOf: (rubric: string) => readonly string[] | null,
): readonly LabelEntry[] {
  if (
    !checkFields(
      table,
      ENTRY_FIELDS.filter((field) => field !== "comment" && field !== "value"),
    )
  )
    return [];
  const known = new Map<string, readonly string[] | null>();
  return table.rows.flatMap((row) => {
    const entry = entryOf(table, row);
    if (entry === null || (rubric !== null && entry.rubric !== rubric)) return [];
    if (!known.has(entry.rubric)) known.set(entry.rubric, labelsOf(entry.rubric));
    const labels = known.get(entry.rubric) ?? null;
    if (entry.value !== null && labels?.includes(entry.value) === false) {
      const found = quoteShort(entry.value);
      table.problems.add(
        row.line,
        `expected \`value\` to be one of ${listNames(labels)}, found ${found}; correct it`,
      );
    }
    return [entry];
  });
}

function entryOf(table: JudgementTable, row: TableRow): LabelEntry | null {
  const [id, name, item, author, action, at, source] = [
    ENTRY_MARK,
    "rubric",
    "item",
    "author",
    "action",
    "at",
    "source",
  ].map((field) => {
    const text = textAt(table, row, field);
    if (text === null) table.problems.add(row.line, `expected a text in ${quoteName(field)}, found nothing`);
    return text ?? undefined;
  });
  const value = textAt(table, row, "value");
  const comment = textAt(table, row, "comment");
  if (action !== undefined && !ACTIONS.includes(action)) {
    table.problems.add(
      row.line,
      `expected \`action\` to be one of ${listNames(ACTIONS)}, found ${quoteShort(action)}`,
    );
    return null;
  }
  if (!id || !name || !item || !author || !action || !at || !source) return null;
  if (Number.isNaN(Date.parse(at))) {
    table.problems.add(row.line, `expected \`at\` to be a time, found ${quoteShort(at)}`);
  }
  const mayHaveLabel = action === "label" || action === "adjudicate";
  if (value === null ? action === "label" : !mayHaveLabel) {
    const wanted = mayHaveLabel ? "a label in `value`" : `no \`value\` with ${action}`;
    table.problems.add(
      row.line,
      `expected ${wanted}, found ${value === null ? "nothing" : quoteShort(value)}`,
    );
  }
  return {
    id,
    rubric: name,
    item,
    author,
    action: action as LabelEntry["action"],
    value,
    comment,
    at,
    source,
  };
}
