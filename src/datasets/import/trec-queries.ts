import { linesOf } from "../read-lines.js";
import { ProblemList } from "./problem-list.js";

const MAX_LINE_BYTES = 1024 * 1024;
const ID_KEYS = ["id", "_id", "qid", "query_id"];
const TEXT_KEYS = ["text", "query", "question"];

/**
 * Reads the texts of queries by id: JSONL with `id` (or `_id`, `qid`, `query_id`) and `text` (or `query`, `question`),
 * or lines of an id, a tab and a text.
 *
 * @throws {DatasetError} with every problem of the file at once
 */
export async function readQueryTexts(path: string): Promise<ReadonlyMap<string, string>> {
  const problems = new ProblemList(path);
  const texts = new Map<string, string>();
  for await (const line of linesOf(path, MAX_LINE_BYTES)) {
    if (!("text" in line)) {
      problems.add(line.number, line.refused === "not-utf8" ? "is not UTF-8" : "is longer than 1 MiB");
      continue;
    }
    if (line.text.trim() === "") continue;
    const found = line.text.trimStart().startsWith("{") ? fromJson(line.text) : fromTabs(line.text);
    if (typeof found === "string") problems.add(line.number, found);
    else if (texts.has(found.id))
      problems.add(line.number, `expected each query once, found ${JSON.stringify(found.id)} again`);
    else texts.set(found.id, found.text);
  }
  if (texts.size === 0 && problems.isEmpty) problems.add(undefined, "is empty; expected one query a line");
  problems.throwIfAny();
  return texts;
}

/** A query, or what is wrong with the line. */
type Found = { readonly id: string; readonly text: string } | string;

function fromJson(line: string): Found {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return "is not JSON";
  }
  const id = ID_KEYS.map((key) => value[key]).find(
    (one) => typeof one === "string" || typeof one === "number",
  );
  const text = TEXT_KEYS.map((key) => value[key]).find((one) => typeof one === "string");
  if (id === undefined)
    return `expected the query's id under ${ID_KEYS.map((key) => `\`${key}\``).join(", ")}`;
  if (text === undefined) return `expected its text under ${TEXT_KEYS.map((key) => `\`${key}\``).join(", ")}`;
  return { id: String(id), text: text as string };
}

function fromTabs(line: string): Found {
  const tab = line.indexOf("\t");
  if (tab < 1) return "expected a JSON object, or an id, a tab and a text";
  return { id: line.slice(0, tab).trim(), text: line.slice(tab + 1).trim() };
}
