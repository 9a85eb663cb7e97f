import { StatisticsError } from "./statistics-error.js";
import { requireSameLength } from "./validate.js";

/** A rating: a category's name or number. `1` and `"1"` are different labels. */
export type Label = string | number | boolean;

/** Two raters' labels of the same items, cross-tabulated over declared categories. */
export interface ContingencyTable {
  /** Items rated by both. */
  readonly n: number;
  /** `counts[i][j]`: items that rater a put in category i and rater b in category j. */
  readonly counts: readonly (readonly number[])[];
  /** Items per category by rater a: row sums. */
  readonly a: readonly number[];
  /** Items per category by rater b: column sums. */
  readonly b: readonly number[];
}

/**
 * Cross-tabulates two raters; `a[i]` and `b[i]` rate the same item.
 *
 * @param categories - every category that a rater may use, in order, each once
 * @throws {StatisticsError} if the lengths differ, a category is repeated or NaN, or a label is no category
 */
export function contingencyTable(
  a: readonly Label[],
  b: readonly Label[],
  categories: readonly Label[],
): ContingencyTable {
  requireSameLength("a", a, "b", b);
  const position = new Map(categories.map((category, index) => [category, index]));
  if (position.size !== categories.length) throw new StatisticsError("expected each category once");
  if (position.has(Number.NaN)) throw new StatisticsError("expected no category to be NaN");
  const positionsOf = (name: string, labels: readonly Label[]) =>
    labels.map((label, index) => {
      const found = position.get(label);
      if (found !== undefined) return found;
      throw new StatisticsError(
        `expected ${name}[${index}] to be a declared category, found ${String(label)}`,
      );
    });
  const rows = positionsOf("a", a);
  const columns = positionsOf("b", b);
  const counts = categories.map(() => categories.map(() => 0));
  const rowSums = categories.map(() => 0);
  const columnSums = categories.map(() => 0);
  for (let item = 0; item < rows.length; item++) {
    const row = rows[item] as number;
    const column = columns[item] as number;
    (counts[row] as number[])[column] = (counts[row]?.[column] ?? 0) + 1;
    rowSums[row] = (rowSums[row] ?? 0) + 1;
    columnSums[column] = (columnSums[column] ?? 0) + 1;
  }
  return { n: a.length, counts, a: rowSums, b: columnSums };
}
