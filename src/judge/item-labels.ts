import { quoteName, quoteShort } from "../config/found-and-wanted.js";
import { type FieldText, fieldText } from "./field.js";
import { readTable, type TableRow } from "./table-rows.js";

/** Where the labels of items are, when they are not in the rows themselves. */
export interface ItemTable {
  /** JSONL table with one row per item. */
  readonly path: string;
  /** Field that names the item, in both tables. */
  readonly id: string;
  readonly label: string;
}

/**
 * Reads a table of items, to find the label of a row of another table by the item that it names.
 *
 * @throws {DatasetError} if the table cannot be read, lacks a field or names an item twice
 */
export async function itemLabels({ path, id, label }: ItemTable): Promise<(row: TableRow) => FieldText> {
  const labels = new Map<string, { readonly line: number; readonly text: string | null }>();
  const field = quoteName(id);
  await readTable(path, ({ line, value }) => {
    const key = fieldText(value, id);
    const found = fieldText(value, label);
    if ("problem" in key) return [key.problem];
    if ("problem" in found) return [found.problem];
    if (key.text === null) return [`expected ${field} to name the item, found null`];
    const first = labels.get(key.text);
    if (first !== undefined) {
      return [`expected ${field} to be unique, found ${quoteShort(key.text)}; also on line ${first.line}`];
    }
    labels.set(key.text, { line, text: found.text });
    return [];
  });
  return ({ value }) => {
    const key = fieldText(value, id);
    if ("problem" in key) return key;
    const item = key.text === null ? undefined : labels.get(key.text);
    if (item !== undefined) return { text: item.text };
    const found = key.text === null ? "null" : quoteShort(key.text);
    return { problem: `expected ${field} to be an item of ${path}, found ${found}; add it there` };
  };
}
