import type { KappaWeights } from "../../stats/cohen-kappa.js";
import { krippendorffAlpha } from "../../stats/krippendorff-alpha.js";
import type { ItemLabels } from "../current-labels.js";
import { ALPHA_METRICS, type Rating, raterAgreement } from "../rater-agreement.js";

/** Two people with enough common items to compare them. */
interface PairOfPeople {
  readonly a: string;
  readonly b: string;
  /** Items that both labelled. */
  readonly n: number;
  /** Share of items with the same label, in [0, 1]. */
  readonly agreement: number | null;
  readonly kappa: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** How far people agree with each other: no judge can be held to more. */
export interface HumanAgreement {
  readonly authors: number;
  /** Items that at least two people labelled. */
  readonly items: number;
  /** Krippendorff's alpha of all people; `null` when it is not defined. */
  readonly alpha: number | null;
  /** Kappa of each pair of people with at least `FEWEST` common items, most items first. */
  readonly pairs: readonly PairOfPeople[];
}

/** Common items below which the kappa of two people says nothing. */
const FEWEST = 10;
const MOST_PAIRS = 20;

/**
 * Agreement of people on all items that at least two of them labelled, whether or not a judge saw them. `null` when no
 * item has two labels.
 */
export function humanAgreement(
  labels: readonly ItemLabels[],
  options: { readonly categories: readonly string[]; readonly weights: KappaWeights; readonly level: number },
): HumanAgreement | null {
  const { categories, weights, level } = options;
  const position = new Map(categories.map((category, index) => [category, index]));
  const rows = labels
    .map(
      ({ byAuthor }) =>
        new Map(byAuthor.map(({ author, value }) => [author, position.get(value ?? "") ?? null])),
    )
    .filter((row) => [...row.values()].filter((rating) => rating !== null).length > 1);
  if (rows.length === 0) return null;
  const authors = [...new Set(rows.flatMap((row) => [...row.keys()]))].sort();
  const ratings = new Map(
    authors.map((author) => [author, rows.map((row): Rating => row.get(author) ?? null)]),
  );
  const settings = { categoryCount: categories.length, weights, level };
  const pairs = authors.flatMap((a, index) =>
    authors.slice(index + 1).flatMap((b): PairOfPeople[] => {
      const { n, agreement, kappa } = raterAgreement(ratings.get(a) ?? [], ratings.get(b) ?? [], settings);
      const { kappa: value, lower, upper } = kappa;
      return n < FEWEST ? [] : [{ a, b, n, agreement, kappa: value, lower, upper }];
    }),
  );
  return {
    authors: authors.length,
    items: rows.length,
    alpha: krippendorffAlpha([...ratings.values()], ALPHA_METRICS[weights]).alpha,
    pairs: pairs.sort((one, other) => other.n - one.n).slice(0, MOST_PAIRS),
  };
}
