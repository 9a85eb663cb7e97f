import { describeFound, JSON_WORDS } from "../config/found-and-wanted.js";
import { DatasetError, type Problem } from "../core/errors.js";
import { checkJsonKeys } from "../datasets/check-json-keys.js";
import { locateJsonError } from "../datasets/locate-json-error.js";
import { linesOf, whyRefused } from "../datasets/read-lines.js";
import type { RawLine } from "../datasets/split-lines.js";

const MAX_LINE_BYTES = 10 * 1024 * 1024;
/** Problems told in words; the rest is counted. */
const MAX_PROBLEMS = 10;

/** One row of a JSONL table. */
export interface TableRow {
  /** 1-based line in the file. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads a table: JSONL in UTF-8, one object a line, blank lines skipped. What each row holds is up to the
 * caller; rows are not kept, so that a long table with long texts needs little memory.
 *
 * @param path - as the user gave it; messages repeat it
 * @param takeRow - takes a row; returns what is wrong with it, or nothing
 * @throws {DatasetError} with the problems of the whole file, the first ten in words
 */
export async function readTable(path: string, takeRow: (row: TableRow) => readonly string[]): Promise<void> {
  const problems: Problem[] = [];
  let hidden = 0;
  let rows = 0;
  const addProblem = (line: number, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ file: path, line, message });
    else hidden += 1;
  };
  for await (const line of linesOf(path, MAX_LINE_BYTES)) {
    if ("text" in line && line.text.trim() === "") continue;
    rows += 1;
    const parsed = parseRow(line);
    const found = "problem" in parsed ? [parsed.problem] : takeRow(parsed.row);
    for (const message of found) addProblem(line.number, message);
  }
  if (rows === 0) problems.push({ file: path, message: "has no rows; write one JSON object a line" });
  if (hidden > 0) problems.push({ file: path, message: `… and ${hidden} more problems` });
  if (problems.length > 0) throw new DatasetError(problems);
}

function parseRow(line: RawLine): { readonly row: TableRow } | { readonly problem: string } {
  if ("refused" in line) return { problem: whyRefused(line.refused, MAX_LINE_BYTES) };
  const error = locateJsonError(line.text);
  if (error !== null) {
    return { problem: `is not valid JSON at column ${error.offset + 1}: ${error.message}` };
  }
  const keys = checkJsonKeys(line.text);
  if (keys !== null) return { problem: keys };
  const value: unknown = JSON.parse(line.text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { row: { line: line.number, value: value as TableRow["value"] } };
  }
  const hint = Array.isArray(value) ? "; `jq -c '.[]'` converts an array" : "";
  return {
    problem: `expected one JSON object a line, found ${describeFound(value, JSON_WORDS)}${hint}`,
  };
}
