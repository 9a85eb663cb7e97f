import { resolve } from "node:path";
import { quoteShort } from "../../config/found-and-wanted.js";
import { UsageError } from "../../core/errors.js";
import { type AgreementReport, agreementByGroup } from "../../judge/agreement-report.js";
import { fieldText } from "../../judge/field.js";
import { type ItemTable, itemLabels } from "../../judge/item-labels.js";
import { labelsOf, readRatedItems } from "../../judge/rated-items.js";
import type { KappaWeights } from "../../stats/cohen-kappa.js";
import { shownPath } from "../project/shown-path.js";

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
/** A field with more labels is a text, not a label. */
const MOST_CATEGORIES = 100;

/**
 * Measures how far raters agree on the rows of a JSONL table. Labels are compared as text. A null label is left
 * out and counted, or is a category of its own.
 *
 * @throws {UsageError} if the flags contradict each other, or name a field that holds no labels
 * @throws {DatasetError} if a file cannot be read, or a row lacks a field or has a label outside the categories
 */
export async function measureAgreement(
  file: string,
  flags: AgreementFlags,
  workingDirectory: string,
): Promise<AgreementReport> {
  checkFlags(flags);
  const pathOf = (name: string) => shownPath(resolve(workingDirectory, name), workingDirectory);
  const items = itemTableOf(flags, pathOf);
  const a = flags.a ?? items?.label ?? "";
  const raters = { a, b: flags.b ?? null, swapped: flags.swapped ?? null };
  const by = flags.by ?? [];
  const rated = await readRatedItems(pathOf(file), {
    ...raters,
    labelOfA: items === null ? (row) => fieldText(row.value, a) : await itemLabels(items),
    by,
    categories: flags.categories ?? null,
  });
  const categories = flags.categories ?? labelsOf(rated);
  if (categories.length > MOST_CATEGORIES) {
    const found = `found ${categories.length} different labels, expected at most ${MOST_CATEGORIES}`;
    throw new UsageError(`${file}: ${found}; name fields that hold labels, not texts`);
  }
  const { weights, nullAsCategory = false } = flags;
  const settings = { by, categories, nullAsCategory, weights, level: LEVEL };
  return { file, raters, ...settings, groups: agreementByGroup(rated, settings) };
}

function itemTableOf(flags: AgreementFlags, pathOf: (name: string) => string): ItemTable | null {
  const { items, id, itemsLabel } = flags;
  if (items === undefined || id === undefined || itemsLabel === undefined) return null;
  return { path: pathOf(items), id, label: itemsLabel };
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
