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

/** Whole numbers, because kappa and its error do not change when every distance is multiplied. */
const DISTANCES = {
  none: (steps: number) => (steps === 0 ? 0 : 1),
  linear: (steps: number) => steps,
  quadratic: (steps: number) => steps * steps,
} satisfies Record<KappaWeights, (steps: number) => number>;

/**
 * Distance of two categories by how many steps they are apart in the declared order, as a whole number.
 *
 * @throws {StatisticsError} if the weights are none of the three
 */
export function categoryDistance(weights: KappaWeights): (steps: number) => number {
  if (!Object.hasOwn(DISTANCES, weights)) {
    throw new StatisticsError(`expected weights none, linear or quadratic, found ${String(weights)}`);
  }
  return DISTANCES[weights];
}

/**
 * Cohen's kappa, unweighted or weighted. Kappa collapses when almost all items fall in one category: print
 * `po`, the marginals and Gwet's AC1 beside it.
 *
 * @param a - rater a's label of each item
 * @param b - rater b's label of the same items
 * @param options.categories - all categories in order; an unused one changes weighted kappa
 * @param options.weights - default "none"
 * @param options.level - confidence in (0, 1), default 0.95
 * @returns kappa, se and limits `null` without items or when chance agreement is 1 (one category used by both). A rater
 *   that says one thing of all items has kappa 0 with se exactly 0, as the formula has it: the interval [0, 0] is no
 *   precision. Perfect agreement has kappa 1 and se 0 with any number of items.
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
  const ofSteps = categoryDistance(weights);
  const table = contingencyTable(a, b, options.categories);
  const result = { n: table.n, marginals: { a: table.a, b: table.b } };
  if (table.n === 0) {
    return { ...result, kappa: null, se: null, lower: null, upper: null, po: null, pe: null };
  }
  const { n } = table;
  const { observed, expected, squaredInfluence } = kappaDisagreement(table, weights);
  const most = Math.max(1, ofSteps(options.categories.length - 1));
  const agreement = { ...result, po: 1 - observed / (n * most), pe: 1 - expected / (n * n * most) };
  if (expected === 0) return { ...agreement, kappa: null, se: null, lower: null, upper: null };
  const kappa = 1 - (n * observed) / expected;
  const se = Math.sqrt(squaredInfluence) / (expected * expected);
  const half = normalUpperQuantile((1 - level) / 2) * se;
  return { ...agreement, kappa, se, lower: Math.max(-1, kappa - half), upper: Math.min(1, kappa + half) };
}

/**
 * Disagreement observed, n · most · (1 - po), and expected by chance, n² · most · (1 - pe), and the sum of the items'
 * squared influences on kappa. The published variance, E[A²] - E[A]², is the same number with its mean taken out
 * beforehand. Whole numbers keep the digits when the raters agree almost everywhere, and make the influences of a
 * rater that never varies exactly 0.
 */
export function kappaDisagreement(table: ContingencyTable, weights: KappaWeights) {
  const { n, counts, a, b } = table;
  const ofSteps = categoryDistance(weights);
  const distance = (i: number, j: number) => ofSteps(Math.abs(i - j));
  const distanceFromRow = a.map((_, i) => sumOver(b, (count, j) => count * distance(i, j)));
  const distanceFromColumn = b.map((_, j) => sumOver(a, (count, i) => count * distance(i, j)));
  const overCells = (value: (i: number, j: number) => number) =>
    sumOver(counts, (row, i) => sumOver(row, (count, j) => (count === 0 ? 0 : count * value(i, j))));
  const observed = overCells(distance);
  const expected = sumOver(a, (count, i) => count * (distanceFromRow[i] ?? 0));
  /** Of one item in row i and column j on kappa, times `expected` squared; those of all items add up to 0. */
  const influence = (i: number, j: number) => {
    const chance = (distanceFromRow[i] ?? 0) + (distanceFromColumn[j] ?? 0);
    return n * observed * chance - expected * (n * distance(i, j) + observed);
  };
  const squaredInfluence = overCells((i, j) => influence(i, j) ** 2);
  return { observed, expected, influence, squaredInfluence };
}

function sumOver<Item>(items: readonly Item[], value: (item: Item, index: number) => number): number {
  return items.reduce((sum, item, index) => sum + value(item, index), 0);
}
