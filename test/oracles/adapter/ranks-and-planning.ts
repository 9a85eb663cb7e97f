import type { Alternative } from "../../../src/stats/alternative.js";
import { mannWhitneyU } from "../../../src/stats/mann-whitney-u.js";
import { mdeTwoProportions } from "../../../src/stats/mde-two-proportions.js";
import { sampleSizeMcnemar } from "../../../src/stats/sample-size-mcnemar.js";
import {
  type ProportionMethod,
  sampleSizeTwoProportions,
} from "../../../src/stats/sample-size-two-proportions.js";
import { signFlipPermutation } from "../../../src/stats/sign-flip-permutation.js";
import type { TestDesign } from "../../../src/stats/test-design.js";
import { wilcoxonSignedRank } from "../../../src/stats/wilcoxon-signed-rank.js";
import { type Adapter, type Fields, number, numbers } from "../vector.js";

/** Rank and permutation tests, sample sizes. */
export const ranksAndPlanning: Adapter = {
  wilcoxon_signed_rank: (input, options) => {
    const result = wilcoxonSignedRank(numbers(input.differences), {
      alternative: options.alternative as Alternative,
      method: options.method as "auto" | "exact" | "approx",
      continuity: options.continuity as boolean,
    });
    return { ...result, w_plus: result.wPlus, n_nonzero: result.nonZero };
  },
  mann_whitney_u: (input, options) => {
    const result = mannWhitneyU(numbers(input.x), numbers(input.y), {
      alternative: options.alternative as Alternative,
      method: options.method as "auto" | "exact" | "asymptotic",
      continuity: options.continuity as boolean,
    });
    return { ...result, cliffs_delta: result.cliffsDelta };
  },
  sign_flip_permutation: (input, options) => ({
    ...signFlipPermutation(numbers(input.differences), {
      alternative: options.alternative as Alternative,
      method: options.method as "auto" | "exact" | "monte-carlo",
    }),
  }),
  sample_size_two_proportions: (input, options) => {
    const result = sampleSizeTwoProportions(number(input.p1), number(input.p2), {
      ...design(options),
      method: options.method as ProportionMethod,
    });
    return { n_exact: result.nExact, n_per_arm: result.nPerArm };
  },
  mde_two_proportions: (input, options) => ({
    mde: mdeTwoProportions(number(input.p1), number(input.n_per_arm), {
      ...design(options),
      direction: options.direction as "drop" | "rise",
    }),
  }),
  sample_size_mcnemar: (input, options) => {
    const result = sampleSizeMcnemar(
      number(input.p_baseline_only),
      number(input.p_current_only),
      design(options),
    );
    return { n_exact: result.nExact, n_pairs: result.nPairs };
  },
};

function design(options: Fields): Required<TestDesign> {
  return {
    alpha: number(options.alpha),
    power: number(options.power),
    sides: options.sides as 1 | 2,
  };
}
