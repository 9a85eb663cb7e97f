import { type ContingencyTable, contingencyTable, type Label } from "./contingency-table.js";
import { normalUpperQuantile } from "./normal.js";
import { requireLevel } from "./validate.js";

/** Rounding of a sum of shares, in [0, 1]. */
const ROUNDING = 4 * Number.EPSILON;

/** Agreement of two raters that keeps its meaning under skewed marginals. `null`: not defined for this data. */
export interface GwetAc1 {
  /** 1 = full agreement, 0 = as by chance. */
  readonly ac1: number | null;
  readonly se: number | null;
  /** Confidence limits, clipped to [-1, 1]. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Observed agreement in [0, 1]. */
  readonly po: number | null;
  /** Agreement expected by chance: at most 1/2. */
  readonly pe: number | null;
}

/**
 * Gwet's AC1 with its standard error (raters fixed, items sampled).
 *
 * @param options.categories - all categories; AC1 depends on how many there are
 * @param options.level - confidence in (0, 1), default 0.95
 * @returns all `null` without items, ac1 `null` with fewer than two categories, se and limits `null` for one item
 * @throws {StatisticsError} if the lengths differ, a label is no category, or the level is out of range
 * @see Gwet 2008, Br J Math Stat Psychol 61(1):29
 */
export function gwetAc1(
  a: readonly Label[],
  b: readonly Label[],
  options: { readonly categories: readonly Label[]; readonly level?: number },
): GwetAc1 {
  const level = options.level ?? 0.95;
  requireLevel(level);
  const table = contingencyTable(a, b, options.categories);
  const undefinedHere = { ac1: null, se: null, lower: null, upper: null };
  if (table.n === 0) return { ...undefinedHere, po: null, pe: null };
  const po = table.counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / table.n;
  if (options.categories.length < 2) return { ...undefinedHere, po, pe: null };
  const chance = chanceByCategory(table);
  const pe = chance.reduce((sum, { share, elsewhere }) => sum + share * elsewhere, 0);
  // Chance agreement is a sum, which rounds: what is left of a difference of 0 is no agreement.
  const ac1 = Math.abs(po - pe) <= ROUNDING ? 0 : (po - pe) / (1 - pe);
  if (table.n === 1) return { ...undefinedHere, ac1, po, pe };
  const squares = table.counts.flatMap((row, i) =>
    row.map((count, j) => {
      const expected = ((chance[i]?.elsewhere ?? 0) + (chance[j]?.elsewhere ?? 0)) / 2;
      const influence = ((i === j ? 1 : 0) - pe - 2 * (1 - ac1) * (expected - pe)) / (1 - pe);
      return count * (influence - ac1) ** 2;
    }),
  );
  const se = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (table.n * (table.n - 1)));
  const half = normalUpperQuantile((1 - level) / 2) * se;
  return { ac1, se, lower: Math.max(-1, ac1 - half), upper: Math.min(1, ac1 + half), po, pe };
}

/** Per category its share of all ratings, and the chance that a random rating of another item lands elsewhere. */
function chanceByCategory({ a, b, n }: ContingencyTable) {
  return a.map((count, index) => {
    const share = (count + (b[index] ?? 0)) / (2 * n);
    return { share, elsewhere: (1 - share) / (a.length - 1) };
  });
}
