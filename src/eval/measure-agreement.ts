import { resolve } from "node:path";
import { quoteShort } from "../config/found-and-wanted.js";
import { UsageError } from "../core/errors.js";
import { listNames } from "../core/nearest.js";
import { type AgreementReport, agreementByGroup, type RatedItem } from "../judge/agreement-report.js";
import { fieldText } from "../judge/field.js";
import { readTable, type TableRow } from "../judge/table-rows.js";
import type { KappaWeights } from "../stats/cohen-kappa.js";
import { shownPath } from "./shown-path.js";

export interface AgreementFlags {
  readonly a?: string;
  readonly b?: string;
  readonly swapped?: string;
  readonly by?: readonly string[];
  readonly categories?: readonly string[];
  readonly weights: KappaWeights;
  readonly nullAsCategory?: boolean;
  readonly items?: string;
  readonly id?: string;
  readonly itemsLabel?: string;
}

const LEVEL = 0.95;

/**
 * Measures how far raters agree on the rows of a JSONL table. Labels are compared as text. A null label is left
 * out and counted, or is a category of its own.
 *
 * @throws {UsageError} if the flags contradict each other
 * @throws {DatasetError} if a file cannot be read, or a row lacks a field or has a label outside the categories
 */
export async function measureAgreement(
  file: string,
  flags: AgreementFlags,
  workingDirectory: string,
): Promise<AgreementReport> {
  checkFlags(flags);
  const { b, swapped, by = [], weights, nullAsCategory = false } = flags;
  const labelOf = await readerOfA(flags, workingDirectory);
  const items: RatedItem[] = [];
  const seen = new Set<string>();
  await readTable(shown(file, workingDirectory), (row) => {
    const problems: string[] = [];
    const text = (found: ReturnType<typeof fieldText>): string | null => {
      if ("text" in found) return found.text;
      problems.push(found.problem);
      return null;
    };
    const label = (name: string, found: ReturnType<typeof fieldText>): string | null => {
      const value = text(found);
      if (value === null) return null;
      seen.add(value);
      if (flags.categories?.includes(value) === false) problems.push(outside(name, value, flags.categories));
      return value;
    };
    const labelAt = (field: string | undefined) =>
      field === undefined ? undefined : label(field, fieldText(row.value, field));
    items.push({
      group: by.map((field) => text(fieldText(row.value, field))),
      a: label(nameOfA(flags), labelOf(row)),
      b: labelAt(b),
      swapped: labelAt(swapped),
    });
    return problems;
  });
  const categories = flags.categories ?? sortedLabels(seen);
  const settings = { by, categories, nullAsCategory, weights, level: LEVEL };
  return {
    file,
    raters: { a: nameOfA(flags), b: b ?? null, swapped: swapped ?? null },
    ...settings,
    groups: agreementByGroup(items, settings),
  };
}

function checkFlags(flags: AgreementFlags): void {
  const { a, items, id, itemsLabel, categories = [], weights, nullAsCategory } = flags;
  const join = [items, id, itemsLabel].filter((flag) => flag !== undefined).length;
  if (join !== 0 && join !== 3) {
    throw new UsageError("--items, --id and --items-label belong together: give all three or none");
  }
  if (a === undefined && items === undefined) {
    throw new UsageError("expected --a FIELD, the field that holds the first rater's label");
  }
  if (a !== undefined && items !== undefined) {
    throw new UsageError("--a and --items both say where the first rater's labels are; give one of them");
  }
  const twice = categories.find((category, index) => categories.indexOf(category) !== index);
  if (twice !== undefined) {
    throw new UsageError(`--categories names ${quoteShort(twice)} twice; name each category once`);
  }
  if (nullAsCategory === true && weights !== "none") {
    throw new UsageError(
      `--null-as-category cannot be used with --weights ${weights}: null has no place in the order`,
    );
  }
}

function nameOfA({ a, itemsLabel }: AgreementFlags): string {
  return a ?? itemsLabel ?? "";
}

/** Finds the first rater's label of a row: in the row, or by the row's id in a second file. */
async function readerOfA(
  { a, items, id, itemsLabel }: AgreementFlags,
  workingDirectory: string,
): Promise<(row: TableRow) => ReturnType<typeof fieldText>> {
  if (items === undefined || id === undefined || itemsLabel === undefined) {
    return (row) => fieldText(row.value, a ?? "");
  }
  const labels = new Map<string, { readonly line: number; readonly text: string | null }>();
  await readTable(shown(items, workingDirectory), ({ line, value }) => {
    const key = fieldText(value, id);
    const label = fieldText(value, itemsLabel);
    if ("problem" in key) return [key.problem];
    if ("problem" in label) return [label.problem];
    if (key.text === null) return [`expected \`${id}\` to name the item, found null`];
    const first = labels.get(key.text);
    if (first !== undefined) {
      return [`expected \`${id}\` to be unique, found ${quoteShort(key.text)}; also on line ${first.line}`];
    }
    labels.set(key.text, { line, text: label.text });
    return [];
  });
  return ({ value }) => {
    const key = fieldText(value, id);
    if ("problem" in key) return key;
    const item = key.text === null ? undefined : labels.get(key.text);
    if (item !== undefined) return { text: item.text };
    const found = key.text === null ? "null" : quoteShort(key.text);
    return { problem: `expected \`${id}\` to be an item of ${items}, found ${found}; add it there` };
  };
}

function shown(file: string, workingDirectory: string): string {
  return shownPath(resolve(workingDirectory, file), workingDirectory);
}

function outside(field: string, value: string, categories: readonly string[]): string {
  return (
    `expected \`${field}\` to be one of ${listNames(categories)} or null, found ${quoteShort(value)}; ` +
    "correct it, or add it to --categories"
  );
}

/** Numbers by size, else texts by their characters. */
function sortedLabels(labels: ReadonlySet<string>): readonly string[] {
  const isNumeric = [...labels].every((label) => label.trim() !== "" && Number.isFinite(Number(label)));
  const byText = (one: string, other: string) => (one < other ? -1 : Number(one > other));
  return [...labels].sort((one, other) =>
    isNumeric ? Number(one) - Number(other) || byText(one, other) : byText(one, other),
  );
}
