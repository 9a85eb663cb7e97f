import { StatisticsError } from "./statistics-error.js";
import { requireCount } from "./validate.js";

/** Agreement of several raters; `null`: not defined for this data. */
export interface FleissKappa {
  /** 1 = full agreement, 0 = as by chance. */
  readonly kappa: number | null;
  /** Share of rater pairs that agree, in [0, 1]. */
  readonly po: number | null;
  /** Share expected by chance from the pooled marginals. */
  readonly pe: number | null;
  readonly items: number;
  /** Raters per item. */
  readonly raters: number;
}

/**
 * Fleiss' kappa: every item rated by the same number of raters, not necessarily the same people.
 *
 * @param table - `table[item][category]`: how many raters put the item there
 * @returns kappa `null` without items, with fewer than two raters, or when one category holds everything
 * @throws {StatisticsError} if an entry is no count, or items differ in categories or raters
 * @see Fleiss 1971, Psychol Bull 76(5):378
 */
export function fleissKappa(table: readonly (readonly number[])[]): FleissKappa {
  const raters = sum(table[0] ?? []);
  for (const [item, row] of table.entries()) checkRow(item, row, table[0] ?? [], raters);
  const items = table.length;
  if (items === 0 || raters < 2) return { kappa: null, po: null, pe: null, items, raters };
  const totals = (table[0] ?? []).map((_, category) => sum(table.map((row) => row[category] ?? 0)));
  const ratings = items * raters;
  const agreeing = sum(table.map((row) => sum(row.map((count) => count * (count - 1)))));
  const pairs = ratings * (raters - 1);
  const observed = (pairs - agreeing) / pairs;
  const expected = sum(totals.map((total) => (total / ratings) * ((ratings - total) / ratings)));
  const kappa = expected === 0 ? null : 1 - observed / expected;
  return { kappa, po: 1 - observed, pe: 1 - expected, items, raters };
}

function checkRow(item: number, row: readonly number[], first: readonly number[], raters: number): void {
  for (const [category, count] of row.entries()) requireCount(`table[${item}][${category}]`, count);
  if (row.length !== first.length) {
    throw new StatisticsError(
      `expected ${first.length} categories for item ${item}, as for item 0, found ${row.length}`,
    );
  }
  if (sum(row) !== raters) {
    throw new StatisticsError(`expected ${raters} raters for item ${item}, as for item 0, found ${sum(row)}`);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
