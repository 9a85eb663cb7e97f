import type { KappaWeights } from "../../stats/cohen-kappa.js";
import { krippendorffAlpha } from "../../stats/krippendorff-alpha.js";
import type { FinalVerdict } from "../final-verdicts.js";
import { ALPHA_METRICS } from "../rater-agreement.js";

/** How far a judge agrees with itself when it is asked the same again. */
export interface Retest {
  /** Items, in each order for itself, with at least two votes that can be used. */
  readonly n: number;
  /** Mean over them of the share of pairs of votes that are equal, in [0, 1]. */
  readonly consistency: number;
  /** Items on which all votes are equal, as a share in [0, 1]. */
  readonly unanimous: number;
  /** Krippendorff's alpha of the votes; `null` when it is not defined. */
  readonly alpha: number | null;
}

/** Test-retest consistency of several votes on the same question. `null` when nothing was asked twice. */
export function retest(
  verdicts: readonly FinalVerdict[],
  { categories, weights }: { readonly categories: readonly string[]; readonly weights: KappaWeights },
): Retest | null {
  const position = new Map(categories.map((category, index) => [category, index]));
  const questions = verdicts
    .flatMap(({ votes }) =>
      (["first", "swapped"] as const).map((order) => votes.filter((vote) => vote.order === order)),
    )
    .map((votes) => votes.flatMap(({ value }) => position.get(value ?? "") ?? []))
    .filter(({ length }) => length > 1);
  if (questions.length === 0) return null;
  const most = Math.max(...questions.map(({ length }) => length));
  const raters = Array.from({ length: most }, (_, vote) => questions.map((votes) => votes[vote] ?? null));
  const equal = questions.map(equalPairs);
  return {
    n: questions.length,
    consistency: equal.reduce((sum, share) => sum + share, 0) / questions.length,
    unanimous: equal.filter((share) => share === 1).length / questions.length,
    alpha: krippendorffAlpha(raters, ALPHA_METRICS[weights]).alpha,
  };
}

function equalPairs(votes: readonly number[]): number {
  const pairs = (votes.length * (votes.length - 1)) / 2;
  const equal = votes.reduce(
    (sum, vote, index) => sum + votes.slice(index + 1).filter((other) => other === vote).length,
    0,
  );
  return equal / pairs;
}
