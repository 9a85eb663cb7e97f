import { StatisticsError } from "./statistics-error.js";
import { requireCount } from "./validate.js";

/** Counts of two groups (rows) by outcome (columns: passed, failed). */
export type TwoByTwo = readonly [readonly [number, number], readonly [number, number]];

/** @throws {StatisticsError} unless the table has two rows of two counts */
export function requireTwoByTwo(table: TwoByTwo): void {
  if (table.length !== 2 || table.some((row) => row.length !== 2)) {
    throw new StatisticsError("expected a table of two rows with two counts each");
  }
  for (const row of table) for (const cell of row) requireCount("each cell", cell);
}
