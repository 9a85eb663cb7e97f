import { type CohenKappa, cohenKappa, type KappaWeights } from "../stats/cohen-kappa.js";
import { contingencyTable } from "../stats/contingency-table.js";
import { type GwetAc1, gwetAc1 } from "../stats/gwet-ac1.js";
import { type AlphaMetric, krippendorffAlpha } from "../stats/krippendorff-alpha.js";

/** A category's position in the declared order; `null`: no usable label. */
export type Rating = number | null;

/** Agreement of two raters over the items that both rated. Statistics are `null` where they are not defined. */
export interface RaterAgreement {
  /** Items rated by both. */
  readonly n: number;
  /** Items left out because at least one rater gave no usable label. */
  readonly invalid: number;
  /** Share of items with the same label, in [0, 1], whatever the weights. */
  readonly agreement: number | null;
  readonly kappa: Omit<CohenKappa, "n" | "marginals">;
  readonly ac1: Pick<GwetAc1, "ac1" | "se" | "lower" | "upper">;
  readonly alpha: { readonly alpha: number | null; readonly metric: AlphaMetric };
  /** `confusion[i][j]`: items that rater a put in category i and rater b in category j. */
  readonly confusion: readonly (readonly number[])[];
}

/** Distances of alpha that match those of kappa. */
export const ALPHA_METRICS = {
  none: "nominal",
  linear: "ordinal",
  quadratic: "interval",
} as const satisfies Record<KappaWeights, AlphaMetric>;

/**
 * Every measure of agreement of two raters, since none of them is enough alone: kappa collapses when almost all
 * labels are alike, and plain agreement then flatters.
 *
 * @param a - rater a's category of each item
 * @param b - rater b's, of the same items
 * @param options.categoryCount - how many categories were declared
 * @throws {StatisticsError} if the lengths differ or a rating is no category
 */
export function raterAgreement(
  a: readonly Rating[],
  b: readonly Rating[],
  options: { readonly categoryCount: number; readonly weights: KappaWeights; readonly level: number },
): RaterAgreement {
  const { categoryCount, weights, level } = options;
  const categories = Array.from({ length: categoryCount }, (_, index) => index);
  const both = a.flatMap((first, index) => {
    const second = b[index] ?? null;
    return first === null || second === null ? [] : [[first, second] as const];
  });
  const firsts = both.map(([first]) => first);
  const seconds = both.map(([, second]) => second);
  const { n, marginals: _, ...kappa } = cohenKappa(firsts, seconds, { categories, weights, level });
  const { ac1, se, lower, upper, po } = gwetAc1(firsts, seconds, { categories, level });
  const metric = ALPHA_METRICS[weights];
  return {
    n,
    invalid: a.length - n,
    agreement: po,
    kappa,
    ac1: { ac1, se, lower, upper },
    alpha: { alpha: krippendorffAlpha([firsts, seconds], metric).alpha, metric },
    confusion: contingencyTable(firsts, seconds, categories).counts,
  };
}
