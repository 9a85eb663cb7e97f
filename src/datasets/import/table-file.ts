import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { type CsvError, parse } from "csv-parse/sync";
import { describeFound, JSON_WORDS, quoteShort } from "../../config/found-and-wanted.js";
import { DatasetError } from "../../core/errors.js";
import { checkJsonKeys } from "../check-json-keys.js";
import { locateJsonError } from "../locate-json-error.js";
import { describeUnreadableFile } from "../missing-file.js";
import { linesOf, whyRefused } from "../read-lines.js";
import type { RawLine } from "../split-lines.js";
import { ProblemList } from "./problem-list.js";
import { isRecord, kindOf, otherKindHint } from "./table-kind.js";
import { parsePythonJson } from "./table-python-json.js";

const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** One row of a table. */
export interface TableRow {
  /** 1-based line on which it starts. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads JSONL, one object a line; a byte order mark, CRLF and blank lines are accepted.
 *
 * @param path - as the user gave it; messages repeat it
 * @throws {DatasetError} with every problem of the file, or when it has no row
 */
export async function readJsonLines(path: string): Promise<readonly TableRow[]> {
  const problems = new ProblemList(path);
  const rows: TableRow[] = [];
  for await (const raw of linesOf(path, MAX_LINE_BYTES)) {
    if ("text" in raw && raw.text.trim() === "") continue;
    const parsed = parseLine(raw);
    if ("problem" in parsed) problems.add(raw.number, parsed.problem);
    else rows.push({ line: raw.number, value: parsed.value });
  }
  if (rows.length === 0 || !problems.isEmpty) await refuseDocument(path);
  if (rows.length === 0 && problems.isEmpty)
    problems.add(undefined, "has no rows; write one JSON object a line");
  problems.throwIfAny();
  return rows;
}

/** A JSON document that spans lines would give a problem for each of them. */
async function refuseDocument(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) return;
  const parsed = parsePythonJson(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  if ("error" in parsed) return;
  const { value } = parsed;
  const hint = kindOf(value) === null ? "; `jq -c '.[]'` converts an array" : otherKindHint(value, "");
  throw new DatasetError([
    { file: path, message: `expected one JSON object a line, found one JSON document${hint}` },
  ]);
}

function parseLine(raw: RawLine): { readonly value: TableRow["value"] } | { readonly problem: string } {
  if ("refused" in raw) return { problem: whyRefused(raw.refused, MAX_LINE_BYTES) };
  const error = locateJsonError(raw.text);
  if (error !== null) return { problem: `is not valid JSON at column ${error.offset + 1}: ${error.message}` };
  const keys = checkJsonKeys(raw.text);
  if (keys !== null) return { problem: keys };
  const value: unknown = JSON.parse(raw.text);
  if (isRecord(value)) return { value };
  const hint = Array.isArray(value) ? "; `jq -c '.[]'` converts an array" : "";
  return { problem: `expected one JSON object a line, found ${describeFound(value, JSON_WORDS)}${hint}` };
}

/** A CSV file: its column names in order, and a row of texts by column; cells that are blank are left out. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/**
 * Reads CSV in UTF-8 with a header row: RFC 4180 quotes, line breaks inside quotes, CRLF, a byte order mark, blank
 * lines skipped. Spaces around column names do not count; cells keep theirs.
 *
 * @param delimiter - one character between cells
 * @throws {DatasetError} with every problem of the file, or when it has no row
 */
export async function readCsv(path: string, delimiter: string): Promise<CsvTable> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new DatasetError([await describeUnreadableFile(path, error)], { cause: error });
  }
  const problems = new ProblemList(path);
  const records = parseRecords(bytes, delimiter, problems);
  problems.throwIfAny();
  const columns = (records[0]?.cells ?? []).map((name) => name.trim());
  checkColumns(columns, delimiter, problems);
  const rows = records.slice(1).flatMap(({ line, cells }): TableRow[] => {
    if (cells.length !== columns.length) {
      const cause =
        cells.length > columns.length ? "quote a cell that holds the delimiter" : "write blank cells, too";
      problems.add(
        line,
        `expected ${columns.length} cells as in the header, found ${cells.length}; ${cause}`,
      );
      return [];
    }
    const entries = columns.map((name, index) => [name, cells[index] ?? ""] as const);
    return [{ line, value: Object.fromEntries(entries.filter(([, cell]) => cell.trim() !== "")) }];
  });
  if (rows.length === 0 && problems.isEmpty)
    problems.add(undefined, "has no rows; write a header and one row a case");
  problems.throwIfAny();
  return { columns, rows };
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

function parseRecords(bytes: Buffer, delimiter: string, problems: ProblemList): readonly CsvRecord[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    problems.add(undefined, "is not UTF-8; save the file as UTF-8");
    return [];
  }
  const options = { delimiter, info: true, relax_column_count: true, skip_empty_lines: true } as const;
  try {
    const parsed = parse(text, options) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly bytes: number };
    }[];
    return withLines(parsed, Buffer.from(text));
  } catch (error) {
    const { code, lines } = error as CsvError & { readonly lines?: number };
    if (typeof code !== "string") throw error;
    const message =
      code === "CSV_QUOTE_NOT_CLOSED"
        ? "a quoted cell that never closes; add the missing double quote"
        : 'a double quote inside a cell; write the cell as "…" with "" for each quote';
    problems.add(lines, message);
    return [];
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The lines on which records start: those of csv-parse count a CRLF inside quotes twice. */
function withLines(
  parsed: readonly { readonly record: readonly string[]; readonly info: { readonly bytes: number } }[],
  bytes: Buffer,
): readonly CsvRecord[] {
  let line = 1;
  let offset = 0;
  return parsed.map(({ record, info }) => {
    for (; bytes[offset] === LINE_FEED || bytes[offset] === CARRIAGE_RETURN; offset++) {
      if (bytes[offset] === LINE_FEED) line++;
    }
    const start = line;
    for (; offset < info.bytes; offset++) if (bytes[offset] === LINE_FEED) line++;
    return { line: start, cells: record };
  });
}

function checkColumns(columns: readonly string[], delimiter: string, problems: ProblemList): void {
  columns.forEach((name, index) => {
    if (name === "") problems.add(1, `column ${index + 1}: expected a name in the header, found none`);
    else if (columns.indexOf(name) < index)
      problems.add(1, `column ${index + 1}: expected each name once, found ${quoteShort(name)} twice`);
  });
  const other = [";", "\t", "|", ","].find(
    (one) => one !== delimiter && columns.length === 1 && columns[0]?.includes(one),
  );
  if (other !== undefined) {
    const shown = other === "\t" ? "tab" : other;
    problems.add(1, `expected cells between \`${delimiter}\`, found one column; pass --delimiter '${shown}'`);
  }
}
