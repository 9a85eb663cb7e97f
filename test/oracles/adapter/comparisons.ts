import type { Alternative } from "../../../src/stats/alternative.js";
import type { ChangeAlternative } from "../../../src/stats/change-alternative.js";
import { barnardExact } from "../../../src/stats/barnard-exact.js";
import { benjaminiHochberg } from "../../../src/stats/benjamini-hochberg.js";
import { cochranMantelHaenszel } from "../../../src/stats/cochran-mantel-haenszel.js";
import { fisherExact } from "../../../src/stats/fisher-exact.js";
import { holm } from "../../../src/stats/holm.js";
import { mcnemarExact } from "../../../src/stats/mcnemar-exact.js";
import { mcnemarMidP } from "../../../src/stats/mcnemar-mid-p.js";
import { newcombe } from "../../../src/stats/newcombe.js";
import type { NonInferiority, NonInferiorityOptions } from "../../../src/stats/non-inferiority.js";
import { nonInferiorityPaired } from "../../../src/stats/non-inferiority-paired.js";
import { nonInferiorityUnpaired } from "../../../src/stats/non-inferiority-unpaired.js";
import type { PairedCounts } from "../../../src/stats/paired-counts.js";
import type { PassCount } from "../../../src/stats/pass-count.js";
import { significantDrop } from "../../../src/stats/significant-drop.js";
import { tango } from "../../../src/stats/tango.js";
import type { TwoByTwo } from "../../../src/stats/two-by-two.js";
import { twoProportionZ } from "../../../src/stats/two-proportion-z.js";
import { type Adapter, type Fields, number } from "../vector.js";

/** Two-sample and paired tests of pass rates, non-inferiority, corrections for many tests. */
export const comparisons: Adapter = {
  newcombe_diff_ci: (input, options) =>
    withDiff(newcombe(arm(input.baseline), arm(input.current), number(options.confidence))),
  two_proportion_z: (input, options) => ({
    ...twoProportionZ(arm(input.baseline), arm(input.current), alternative(options)),
  }),
  seed_regression_rule: (input, options) => ({
    ...significantDrop(arm(input.baseline), arm(input.current), {
      alpha: number(options.alpha),
      minDrop: number(options.min_drop),
    }),
  }),
  tango_paired_ci: (input, options) => withDiff(tango(pairs(input), number(options.confidence))),
  mcnemar_exact: (input, options) =>
    mcnemar(mcnemarExact(number(input.b), number(input.c), alternative(options))),
  mcnemar_midp: (input, options) =>
    mcnemar(mcnemarMidP(number(input.b), number(input.c), alternative(options))),
  fisher_exact: (input, options) => {
    const result = fisherExact(
      input.table as TwoByTwo,
      options.alternative as Alternative,
    );
    return { p: result.p, odds_ratio: result.oddsRatio };
  },
  barnard_exact: (input, options) => ({
    ...barnardExact(arm(input.baseline), arm(input.current), alternative(options)),
  }),
  noninferiority_paired: (input, options) =>
    withDiff(nonInferiorityPaired(pairs(input), nonInferiorityOptions(options))),
  noninferiority_unpaired: (input, options) =>
    withDiff(
      nonInferiorityUnpaired(arm(input.baseline), arm(input.current), nonInferiorityOptions(options)),
    ),
  cmh_test: (input, options) => {
    const result = cochranMantelHaenszel(input.strata as TwoByTwo[], {
      continuity: options.continuity as boolean,
    });
    return {
      ...result,
      common_odds_ratio: result.commonOddsRatio,
      pooled_diff: result.pooledDifference,
      mh_diff: result.stratifiedDifference,
    };
  },
  holm: (input) => ({ adjusted: holm(input.p_values as (number | null)[]) }),
  benjamini_hochberg: (input) => ({ adjusted: benjaminiHochberg(input.p_values as (number | null)[]) }),
};

function arm(value: unknown): PassCount {
  const { successes, n } = value as Fields;
  return { successes: number(successes), trials: number(n) };
}

function pairs(input: Fields): PairedCounts {
  return {
    bothPass: number(input.both_pass),
    baselineOnly: number(input.baseline_only),
    currentOnly: number(input.current_only),
    bothFail: number(input.both_fail),
  };
}

const alternative = (options: Fields): ChangeAlternative => options.alternative as ChangeAlternative;

const nonInferiorityOptions = (options: Fields): NonInferiorityOptions => ({
  margin: number(options.margin),
  alpha: number(options.alpha),
});

const withDiff = (result: Pick<NonInferiority, "estimate" | "lower" | "upper">): Fields => ({
  ...result,
  diff: result.estimate,
});

const mcnemar = (result: { p: number; discordant: number }): Fields => ({
  p: result.p,
  n_discordant: result.discordant,
});
