import { type ContingencyTable, contingencyTable, type Label } from "./contingency-table.js";
import { normalUpperQuantile } from "./normal.js";
import { StatisticsError } from "./statistics-error.js";
import { requireLevel } from "./validate.js";

/** How far apart two categories are: all equally, by their distance in the declared order, or by its square. */
export type KappaWeights = "none" | "linear" | "quadratic";

/** Chance-corrected agreement of two raters. `null`: not defined for this data. */
export interface CohenKappa {
  /** 1 = full agreement, 0 = as by chance, negative = worse than by chance. */
  readonly kappa: number | null;
  /** Standard error by Fleiss, Cohen and Everitt. */
  readonly se: number | null;
  /** Confidence limits, clipped to [-1, 1]. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Observed agreement (weighted), in [0, 1]. */
  readonly po: number | null;
  /** Agreement expected by chance from the marginals (weighted), in [0, 1]. */
  readonly pe: number | null;
  /** Items rated by both. */
  readonly n: number;
  /** Items per category, in the declared order, by each rater. */
  readonly marginals: { readonly a: readonly number[]; readonly b: readonly number[] };
}

const DISTANCES = {
  none: (steps: number) => (steps === 0 ? 0 : 1),
  linear: (steps: number, most: number) => (steps === 0 ? 0 : steps / most),
  quadratic: (steps: number, most: number) => (steps === 0 ? 0 : (steps / most) ** 2),
} satisfies Record<KappaWeights, (steps: number, most: number) => number>;

/**
 * Cohen's kappa, unweighted or weighted. Kappa collapses when almost all items fall in one category: print
 * `po`, the marginals and Gwet's AC1 beside it.
 *
 * @param a - rater a's label of each item
 * @param b - rater b's label of the same items
 * @param options.categories - all categories in order; an unused one changes weighted kappa
 * @param options.weights - default "none"
 * @param options.level - confidence in (0, 1), default 0.95
 * @returns kappa, se and limits `null` without items or when chance agreement is 1 (one category used by both)
 * @throws {StatisticsError} if the lengths differ, a label is no category, or an option is out of range
 * @see Cohen 1960, Educ Psychol Meas 20(1):37; Cohen 1968, Psychol Bull 70(4):213; Fleiss, Cohen, Everitt 1969,
 *   Psychol Bull 72(5):323
 */
export function cohenKappa(
  a: readonly Label[],
  b: readonly Label[],
  options: {
    readonly categories: readonly Label[];
    readonly weights?: KappaWeights;
    readonly level?: number;
  },
): CohenKappa {
  const { weights = "none", level = 0.95 } = options;
  requireLevel(level);
  if (!Object.hasOwn(DISTANCES, weights)) {
    throw new StatisticsError(`expected weights none, linear or quadratic, found ${String(weights)}`);
  }
  const table = contingencyTable(a, b, options.categories);
  const result = { n: table.n, marginals: { a: table.a, b: table.b } };
  if (table.n === 0) {
    return { ...result, kappa: null, se: null, lower: null, upper: null, po: null, pe: null };
  }
  const most = options.categories.length - 1;
  const distance = (i: number, j: number) => DISTANCES[weights](Math.abs(i - j), most);
  const { observed, expected, variance } = disagreement(table, distance);
  const agreement = { ...result, po: 1 - observed, pe: 1 - expected };
  if (expected === 0) return { ...agreement, kappa: null, se: null, lower: null, upper: null };
  const kappa = 1 - observed / expected;
  const se = Math.sqrt(variance / table.n) / (expected * expected);
  const half = normalUpperQuantile((1 - level) / 2) * se;
  return { ...agreement, kappa, se, lower: Math.max(-1, kappa - half), upper: Math.min(1, kappa + half) };
}

/**
 * Disagreement observed (1 - po) and expected by chance (1 - pe), and the variance of one item's influence on
 * kappa. Working with disagreement keeps the digits when the raters agree almost everywhere: the published
 * variance, E[A²] - E[A]², is the same number with its mean taken out beforehand.
 */
function disagreement(table: ContingencyTable, distance: (i: number, j: number) => number) {
  const { n, counts, a, b } = table;
  const distanceFromRow = a.map((_, i) => sumOver(b, (count, j) => (count / n) * distance(i, j)));
  const distanceFromColumn = b.map((_, j) => sumOver(a, (count, i) => (count / n) * distance(i, j)));
  const overCells = (value: (i: number, j: number) => number) =>
    sumOver(counts, (row, i) => sumOver(row, (count, j) => (count === 0 ? 0 : count * value(i, j)))) / n;
  const observed = overCells(distance);
  const expected = sumOver(a, (count, i) => (count / n) * (distanceFromRow[i] ?? 0));
  const variance = overCells((i, j) => {
    const chance = (distanceFromRow[i] ?? 0) + (distanceFromColumn[j] ?? 0);
    return (chance * observed - distance(i, j) * expected - observed * expected) ** 2;
  });
  return { observed, expected, variance };
}

function sumOver<Item>(items: readonly Item[], value: (item: Item, index: number) => number): number {
  return items.reduce((sum, item, index) => sum + value(item, index), 0);
}
