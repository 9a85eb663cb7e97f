import { quoteName, quoteShort } from "../config/found-and-wanted.js";
import { listNames } from "../core/nearest.js";
import type { RatedItem } from "./agreement-report.js";
import { type FieldText, fieldText } from "./field.js";
import { readTable, type TableRow } from "./table-rows.js";

export interface RaterColumns {
  /** Name of rater a, for messages. */
  readonly a: string;
  /** Finds rater a's label of a row. */
  readonly labelOfA: (row: TableRow) => FieldText;
  readonly b: string | null;
  readonly swapped: string | null;
  readonly by: readonly string[];
  /** Labels that are allowed beside null; `null`: any. */
  readonly categories: readonly string[] | null;
}

/**
 * Reads the labels of a table.
 *
 * @throws {DatasetError} if the table cannot be read, a row lacks a field, or a label is not allowed
 */
export async function readRatedItems(path: string, columns: RaterColumns): Promise<readonly RatedItem[]> {
  const items: RatedItem[] = [];
  await readTable(path, (row) => {
    const problems: string[] = [];
    const textOf = (found: FieldText): string | null => {
      if ("text" in found) return found.text;
      problems.push(found.problem);
      return null;
    };
    const labelOf = (field: string, found: FieldText): string | null => {
      const label = textOf(found);
      if (label !== null && columns.categories?.includes(label) === false) {
        problems.push(outside(field, label, columns.categories));
      }
      return label;
    };
    const labelAt = (field: string | null) =>
      field === null ? undefined : labelOf(field, fieldText(row.value, field));
    items.push({
      group: columns.by.map((field) => textOf(fieldText(row.value, field))),
      a: labelOf(columns.a, columns.labelOfA(row)),
      b: labelAt(columns.b),
      swapped: labelAt(columns.swapped),
    });
    return problems;
  });
  return items;
}

function outside(field: string, label: string, categories: readonly string[]): string {
  return (
    `expected ${quoteName(field)} to be one of ${listNames(categories)} or null, found ${quoteShort(label)}; ` +
    "correct it, or add it to --categories"
  );
}

/** The labels that occur: numbers by size, texts by their characters. */
export function labelsOf(items: readonly RatedItem[]): readonly string[] {
  const seen = new Set<string>();
  for (const { a, b, swapped } of items) {
    for (const label of [a, b, swapped]) if (typeof label === "string") seen.add(label);
  }
  const isNumeric = [...seen].every((label) => label.trim() !== "" && Number.isFinite(Number(label)));
  const byText = (one: string, other: string) => (one < other ? -1 : Number(one > other));
  return [...seen].sort((one, other) =>
    isNumeric ? Number(one) - Number(other) || byText(one, other) : byText(one, other),
  );
}
