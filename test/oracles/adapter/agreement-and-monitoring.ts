import { bernoulliConfidenceSequence } from "../../../src/stats/bernoulli-confidence-sequence.js";
import { bernoulliCusum } from "../../../src/stats/bernoulli-cusum.js";
import { type BernoulliEValueOptions, logBernoulliEValue } from "../../../src/stats/bernoulli-e-value.js";
import { type ArmFailure, canaryFailureEProcess } from "../../../src/stats/canary-failure-e-process.js";
import { cohenKappa, type KappaWeights } from "../../../src/stats/cohen-kappa.js";
import type { Label } from "../../../src/stats/contingency-table.js";
import { cusum } from "../../../src/stats/cusum.js";
import { ewma } from "../../../src/stats/ewma.js";
import { fleissKappa } from "../../../src/stats/fleiss-kappa.js";
import { gwetAc1 } from "../../../src/stats/gwet-ac1.js";
import { type AlphaMetric, krippendorffAlpha } from "../../../src/stats/krippendorff-alpha.js";
import { msprtNormal } from "../../../src/stats/msprt-normal.js";
import { type PairVerdict, positionBias } from "../../../src/stats/position-bias.js";
import { sampleRatioMismatch } from "../../../src/stats/sample-ratio-mismatch.js";
import { type LengthVerdict, verbosityBias } from "../../../src/stats/verbosity-bias.js";
import { type Adapter, number, numbers } from "../vector.js";

const labels = (value: unknown): Label[] => value as Label[];
const prior = (value: unknown): [number, number] => value as [number, number];

/** Agreement of raters, sequential tests, control charts. */
export const agreementAndMonitoring: Adapter = {
  cohen_kappa: (input, options) => ({
    ...cohenKappa(labels(input.a), labels(input.b), {
      categories: labels(input.categories),
      weights: options.weights as KappaWeights,
      level: number(options.confidence),
    }),
  }),
  gwet_ac1: (input, options) => ({
    ...gwetAc1(labels(input.a), labels(input.b), {
      categories: labels(input.categories),
      level: number(options.confidence),
    }),
  }),
  krippendorff_alpha: (input, options) => {
    const result = krippendorffAlpha(input.ratings as (Label | null)[][], options.metric as AlphaMetric);
    return { alpha: result.alpha, n_pairable: result.pairable };
  },
  fleiss_kappa: (input) => ({ ...fleissKappa(input.table as number[][]) }),
  position_bias_test: (input) => {
    const result = positionBias(input.verdict_ab as PairVerdict[], input.verdict_ba as PairVerdict[]);
    return { ...result, first_only: result.firstOnly, second_only: result.secondOnly };
  },
  verbosity_bias_test: (input) => {
    const result = verbosityBias(input.judge as LengthVerdict[], input.gold as LengthVerdict[]);
    const { errorsToLonger, errorsToShorter } = result;
    return { ...result, errors_to_longer: errorsToLonger, errors_to_shorter: errorsToShorter };
  },
  eprocess_bernoulli: (input, options) => ({
    log_e: logBernoulliEValue(number(input.successes), number(input.n), {
      p0: number(options.p0),
      alternative: options.alternative as NonNullable<BernoulliEValueOptions["alternative"]>,
      prior: prior(options.prior),
    }),
  }),
  confidence_sequence_bernoulli: (input, options) => ({
    ...bernoulliConfidenceSequence(number(input.successes), number(input.n), {
      alpha: number(options.alpha),
      prior: prior(options.prior),
    }),
  }),
  canary_failure_eprocess: (input, options) => {
    const result = canaryFailureEProcess(input.failures as ArmFailure[], {
      riskRatios: numbers(options.rho),
      alpha: 0.05,
    });
    return { e_final: result.final, e_max: result.maximum, rejected_at: result.rejectedAt };
  },
  msprt_normal: (input, options) => ({
    p_sequence: msprtNormal(numbers(input.values), {
      variance: number(options.sigma2),
      mixingVariance: number(options.tau2),
      mean: number(options.theta0),
    }),
  }),
  cusum: (input, options) => {
    const result = cusum(numbers(input.values), {
      target: number(options.target),
      allowance: number(options.k),
      limit: number(options.h),
    });
    return { ...result, first_signal: result.firstSignal };
  },
  ewma: (input, options) => {
    const result = ewma(numbers(input.values), {
      target: number(options.target),
      sd: number(options.sd),
      weight: number(options.lambda),
      width: number(options.L),
    });
    const { average, upperLimit, lowerLimit, firstSignal } = result;
    return { ewma: average, ucl: upperLimit, lcl: lowerLimit, first_signal: firstSignal };
  },
  bernoulli_cusum: (input, options) => {
    const result = bernoulliCusum(numbers(input.values), {
      p0: number(options.p0),
      p1: number(options.p1),
      limit: number(options.h),
    });
    return { ...result, first_signal: result.firstSignal };
  },
  srm_chi_square: (input, options) => {
    const result = sampleRatioMismatch(
      numbers(input.observed),
      numbers(input.ratio),
      number(options.alpha),
    );
    return { ...result, chi2: result.chiSquare };
  },
};
