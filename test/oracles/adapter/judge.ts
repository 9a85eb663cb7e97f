import type { KappaWeights } from "../../../src/stats/cohen-kappa.js";
import type { Label } from "../../../src/stats/contingency-table.js";
import { type KappaDifference, kappaDifference } from "../../../src/stats/kappa-difference.js";
import { labelsNeeded } from "../../../src/stats/labels-needed.js";
import { predictionPoweredMean } from "../../../src/stats/prediction-powered-mean.js";
import { type RoganGladenInput, roganGladen } from "../../../src/stats/rogan-gladen.js";
import { type SelfPreferenceItem, selfPreference } from "../../../src/stats/self-preference.js";
import { stuartMaxwell } from "../../../src/stats/stuart-maxwell.js";
import { testRetest } from "../../../src/stats/test-retest.js";
import { type Adapter, type Fields, number, numbers } from "../vector.js";

/** What a judge is worth against people, and what its rates are when its errors are taken out. */
export const judge: Adapter = {
  rogan_gladen: (input, options) => ({
    ...roganGladen({ ...(input as unknown as RoganGladenInput), level: number(options.confidence) }),
  }),
  prediction_powered_mean: (input, options) => {
    const judged = numbers(input.judged);
    return {
      ...predictionPoweredMean({
        labelled: numbers(input.truth).map((truth, item) => ({ truth, judged: judged[item] as number })),
        unlabelled: numbers(input.unlabelled),
        level: number(options.confidence),
      }),
    };
  },
  stuart_maxwell: (input) => ({ ...stuartMaxwell(input.table as number[][]) }),
  kappa_difference: (input, options) => ({ ...differenceOfKappas(input, options) }),
  kappa_difference_bca: (input, options) => ({ ...differenceOfKappas(input, options) }),
  labels_needed: (input, options) => ({
    ...labelsNeeded({
      kappa: number(input.kappa),
      se: number(input.se),
      n: number(input.n),
      floor: number(options.floor),
      level: number(options.confidence),
    }),
  }),
  test_retest: (input, options) => ({
    ...testRetest(input.votes as Label[][], { level: number(options.confidence) }),
  }),
  self_preference: (input, options) => ({
    ...selfPreference(input.items as SelfPreferenceItem[], { level: number(options.confidence) }),
  }),
};

function differenceOfKappas(input: Fields, options: Fields): KappaDifference {
  const [a, b1, b2] = [input.a, input.b1, input.b2] as [Label[], Label[], Label[]];
  return kappaDifference(a, b1, b2, {
    categories: input.categories as Label[],
    weights: options.weights as KappaWeights,
    level: number(options.confidence),
    resamples: 20_000,
    seed: 1,
  });
}
