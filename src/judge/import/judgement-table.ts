import { valueAt } from "../../config/describe-issues.js";
import { quoteName } from "../../config/found-and-wanted.js";
import { didYouMean, listNames } from "../../core/nearest.js";
import { ProblemList } from "../../datasets/import/problem-list.js";
import { readCsv, readJsonLines, type TableRow } from "../../datasets/import/table-file.js";
import { fieldText } from "../field.js";
import { CURRENT_MARK, ENTRY_MARK } from "./export-marks.js";
import { withoutGuard } from "./spreadsheet-cell.js";

/** A file of labels or verdicts: its rows, and the fields that some row has. */
export interface JudgementTable {
  readonly path: string;
  readonly fields: readonly string[];
  readonly rows: readonly TableRow[];
  /** What is wrong with it, gathered over all steps. */
  readonly problems: ProblemList;
}

/**
 * Reads a table: CSV when its name ends in .csv or .tsv, else JSONL. Cells that an export guarded lose the guard.
 *
 * @param path - as the user sees it; messages repeat it
 * @throws {DatasetError} with every problem of the file, or when it has no row
 */
export async function readJudgementTable(
  path: string,
  delimiter: string | undefined,
): Promise<JudgementTable> {
  const problems = new ProblemList(path);
  if (/\.[ct]sv$/i.test(path)) {
    const { columns, rows } = await readCsv(path, delimiter ?? (/\.tsv$/i.test(path) ? "\t" : ","));
    const isOwn = columns.includes(ENTRY_MARK) || columns.includes(CURRENT_MARK);
    return { path, fields: columns, rows: isOwn ? rows.map(unguarded) : rows, problems };
  }
  const rows = await readJsonLines(path);
  const fields = new Set<string>();
  for (const { value } of rows) for (const key of Object.keys(value)) fields.add(key);
  return { path, fields: [...fields], rows, problems };
}

function unguarded({ line, value }: TableRow): TableRow {
  const cells = Object.entries(value).map(([name, cell]) => [name, withoutGuard(String(cell))]);
  return { line, value: Object.fromEntries(cells) };
}

/**
 * Notes the fields that no row has: a blank cell is missing, a field that is nowhere is a slip of the pen.
 *
 * @returns whether all are there
 */
export function checkFields({ fields, rows, problems }: JudgementTable, wanted: readonly string[]): boolean {
  const missing = wanted.filter(
    (path) => !fields.includes(path) && rows.every(({ value }) => isAbsent(value, path)),
  );
  for (const path of missing) {
    const hint = didYouMean(path, fields);
    problems.add(
      undefined,
      `has no field ${quoteName(path)}${hint === "" ? `; it has ${listNames(fields)}` : hint}`,
    );
  }
  return missing.length === 0;
}

/** Text of a field of a row; `null` when it is null, blank or not there. Anything but a plain value is a problem. */
export function textAt({ problems }: JudgementTable, { line, value }: TableRow, path: string): string | null {
  const found = fieldText(value, path);
  if ("text" in found) return found.text === null || found.text.trim() === "" ? null : found.text;
  if (!isAbsent(value, path)) problems.add(line, found.problem);
  return null;
}

function isAbsent(row: TableRow["value"], path: string): boolean {
  return !Object.hasOwn(row, path) && valueAt(row, path.split(".")) === undefined;
}
