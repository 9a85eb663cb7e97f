import type { KappaWeights } from "../stats/cohen-kappa.js";
import type { PositionBias } from "../stats/position-bias.js";
import { biasOfOrders } from "./pair-labels.js";
import { type RaterAgreement, type Rating, raterAgreement } from "./rater-agreement.js";

/** The labels of one item, as text; `null`: the rater gave none that can be used. */
export interface RatedItem {
  /** Values of the fields to group by, in their order. */
  readonly group: readonly (string | null)[];
  readonly a: string | null;
  /** `undefined` when there is no second rater. */
  readonly b: string | null | undefined;
  /** `undefined` when nobody judged twice. */
  readonly swapped: string | null | undefined;
}

/** What is known of one group of items. */
export interface GroupAgreement {
  readonly group: { readonly [field: string]: string | null };
  readonly rows: number;
  /** Rows in which at least one label is null. */
  readonly invalid: number;
  /** Labels per category by each rater, nulls apart; `null` for a rater that is not there. */
  readonly marginals: readonly {
    readonly category: string | null;
    readonly a: number;
    readonly b: number | null;
    readonly swapped: number | null;
  }[];
  /** How often a judge that always gives rater a's commonest label would agree; `null` without labels. */
  readonly majority: {
    readonly category: string | null;
    readonly accuracy: number;
    readonly n: number;
  } | null;
  /** Rater a against rater b; `null` without a second rater. */
  readonly agreement: RaterAgreement | null;
  /** The judge against itself with the answers swapped; `null` when it judged in one order. */
  readonly order: RaterAgreement | null;
  /** `null` when it judged in one order, or when the labels do not name one of two answers (or a tie). */
  readonly positionBias: PositionBias | null;
}

/** Agreement of raters on a table, and how it was measured. */
export interface AgreementReport {
  readonly file: string;
  /** Fields that hold the labels. */
  readonly raters: {
    readonly a: string;
    readonly b: string | null;
    readonly swapped: string | null;
  };
  readonly by: readonly string[];
  /** In order; nulls are one more when they are counted as a category. */
  readonly categories: readonly string[];
  readonly nullAsCategory: boolean;
  readonly weights: KappaWeights;
  /** Confidence level of the intervals. */
  readonly level: number;
  readonly groups: readonly GroupAgreement[];
}

export interface AgreementOptions {
  readonly by: readonly string[];
  /** All categories in order. */
  readonly categories: readonly string[];
  readonly nullAsCategory: boolean;
  readonly weights: KappaWeights;
  readonly level: number;
}

/**
 * Agreement of two raters, group by group in the order in which the groups first occur. The judge whose verdicts
 * are compared with those of the swapped order is rater b, or rater a when it is alone.
 *
 * @throws {StatisticsError} if a category is declared twice
 */
export function agreementByGroup(
  items: readonly RatedItem[],
  options: AgreementOptions,
): readonly GroupAgreement[] {
  const groups = new Map<string, RatedItem[]>();
  for (const item of items) {
    const key = JSON.stringify(item.group);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return [...groups.values()].map((members) => agreementOf(members, options));
}

function agreementOf(items: readonly RatedItem[], options: AgreementOptions): GroupAgreement {
  const categories: readonly (string | null)[] = options.nullAsCategory
    ? [...options.categories, null]
    : options.categories;
  const position = new Map(categories.map((category, index) => [category, index]));
  const ratingsOf = (rater: "a" | "b" | "swapped"): readonly Rating[] | null =>
    items.some((item) => item[rater] === undefined)
      ? null
      : items.map((item) => position.get(item[rater] ?? null) ?? null);
  const a = ratingsOf("a") ?? [];
  const b = ratingsOf("b");
  const swapped = ratingsOf("swapped");
  const settings = { categoryCount: categories.length, weights: options.weights, level: options.level };
  const judge = b ?? a;
  const isInvalid = ({ a, b, swapped }: RatedItem) => a === null || b === null || swapped === null;
  return {
    group: Object.fromEntries(options.by.map((field, index) => [field, items[0]?.group[index] ?? null])),
    rows: items.length,
    invalid: items.filter(isInvalid).length,
    marginals: categories.map((category, index) => ({
      category,
      a: countOf(a, index),
      b: b === null ? null : countOf(b, index),
      swapped: swapped === null ? null : countOf(swapped, index),
    })),
    majority: majorityOf(a, categories),
    agreement: b === null ? null : raterAgreement(a, b, settings),
    order: swapped === null ? null : raterAgreement(judge, swapped, settings),
    positionBias:
      swapped === null
        ? null
        : biasOfOrders(
            judge.map((rating, index) => [
              labelAt(rating, options.categories),
              labelAt(swapped[index] ?? null, options.categories),
            ]),
            options.categories,
          ),
  };
}

function labelAt(rating: Rating, categories: readonly string[]): string | null {
  return rating === null ? null : (categories[rating] ?? null);
}

function countOf(ratings: readonly Rating[], category: number): number {
  return ratings.filter((rating) => rating === category).length;
}

/** Of equally common labels the first in the declared order. */
function majorityOf(
  ratings: readonly Rating[],
  categories: readonly (string | null)[],
): GroupAgreement["majority"] {
  const counts = categories.map((_, index) => countOf(ratings, index));
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) return null;
  const most = Math.max(...counts);
  return { category: categories[counts.indexOf(most)] ?? null, accuracy: most / n, n };
}
