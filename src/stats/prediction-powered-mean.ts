import { type MeanInterval, meanInterval, meanOf, squaredDeviations } from "./mean-interval.js";
import { studentTUpperQuantile } from "./student-t.js";
import { requireFinite, requireLevel } from "./validate.js";

/** A mean that leans on the judge with weight `lambda`. */
export interface PredictionPoweredEstimate {
  /** Weight of the judge: 0 = labels alone, 1 = the judge's mean corrected by its mean error. */
  readonly lambda: number;
  /** In the unit of the scores; may leave their range, as may the limits. */
  readonly estimate: number;
  readonly se: number;
  readonly lower: number;
  readonly upper: number;
}

/** The mean that people would give to all items, from few labels and many verdicts of a judge. */
export interface PredictionPoweredMean {
  /** Items with a label and a verdict. */
  readonly labelled: number;
  /** Items with a verdict alone. */
  readonly unlabelled: number;
  /** Labelled items on which judge and people differ; few of them: the intervals are too narrow. */
  readonly disagreements: number;
  /** The judge's mean over all items, labelled or not: what is printed without a correction. */
  readonly raw: number | null;
  /** The labels alone, with Student's t interval. */
  readonly human: MeanInterval;
  /** Prediction-powered inference, lambda 1; `null` with fewer than two items of either kind. */
  readonly ppi: PredictionPoweredEstimate | null;
  /** PPI++: the lambda in [0, 1] with the least variance. A judge that knows nothing gets 0. */
  readonly tuned: PredictionPoweredEstimate | null;
  /** Why `ppi` and `tuned` are `null`. */
  readonly reason: string | null;
}

/**
 * Prediction-powered mean, plain and power-tuned. The labelled items must be a random sample of all items: a queue
 * sorted by doubt is none.
 *
 * Estimates and lambda are those of ppi_py (one global tuning, clipped to [0, 1]). The interval departs from it:
 * sample variances and Student's t with Welch–Satterthwaite degrees of freedom instead of population variances and a
 * normal quantile, so that lambda = 0 gives the interval of the labels alone. In simulations with 30 labels the
 * tuned interval then holds the truth 93 to 94 times in 100, as published 92 to 93: prefer 100 labels.
 *
 * @param input.labelled - people's score and the judge's of the same item, finite numbers (0/1 for a rate)
 * @param input.unlabelled - the judge's scores of other items
 * @param input.level - confidence in (0, 1), default 0.95
 * @throws {StatisticsError} on a score that is not finite, or a level outside (0, 1)
 * @see Angelopoulos et al. 2023, Science 382(6671):669; Angelopoulos, Duchi and Zrnic 2023, arXiv 2311.01453
 */
export function predictionPoweredMean(input: {
  readonly labelled: readonly { readonly truth: number; readonly judged: number }[];
  readonly unlabelled: readonly number[];
  readonly level?: number;
}): PredictionPoweredMean {
  const { unlabelled, level = 0.95 } = input;
  const truth = input.labelled.map((item) => item.truth);
  const judged = input.labelled.map((item) => item.judged);
  requireLevel(level);
  requireFinite("truth", truth);
  requireFinite("judged", judged);
  requireFinite("unlabelled", unlabelled);
  const all = [...judged, ...unlabelled];
  const about = {
    labelled: truth.length,
    unlabelled: unlabelled.length,
    disagreements: truth.filter((value, index) => value !== judged[index]).length,
    raw: all.length === 0 ? null : meanOf(all),
    human: meanInterval(truth, level),
  };
  const none = (reason: string) => ({ ...about, ppi: null, tuned: null, reason });
  if (truth.length < 2) return none("fewer than two labelled items");
  if (unlabelled.length < 2) return none("fewer than two items that the judge alone scored");
  const estimate = (lambda: number) => poweredEstimate(truth, judged, unlabelled, lambda, level);
  return {
    ...about,
    ppi: estimate(1),
    tuned: estimate(tunedLambda(truth, judged, unlabelled)),
    reason: null,
  };
}

/** Covariance of label and verdict over (1 + n/N) times the variance of all verdicts, clipped to [0, 1]. */
function tunedLambda(
  truth: readonly number[],
  judged: readonly number[],
  unlabelled: readonly number[],
): number {
  const all = [...judged, ...unlabelled];
  const variance = squaredDeviations(all, meanOf(all)) / (all.length - 1);
  if (variance === 0) return 0;
  const [truthMean, judgedMean] = [meanOf(truth), meanOf(judged)];
  const products = truth.map((value, index) => (value - truthMean) * (judged[index]! - judgedMean));
  const covariance = meanOf(products);
  return Math.min(1, Math.max(0, covariance / ((1 + truth.length / unlabelled.length) * variance)));
}

function poweredEstimate(
  truth: readonly number[],
  judged: readonly number[],
  unlabelled: readonly number[],
  lambda: number,
  level: number,
): PredictionPoweredEstimate {
  const imputed = meanInterval(
    unlabelled.map((value) => lambda * value),
    level,
  );
  const rectifier = meanInterval(
    truth.map((value, index) => value - lambda * judged[index]!),
    level,
  );
  const estimate = imputed.mean! + rectifier.mean!;
  const [ofImputed, ofRectifier] = [imputed.se!, rectifier.se!];
  const se = Math.hypot(ofImputed, ofRectifier);
  if (se === 0) return { lambda, estimate, se, lower: estimate, upper: estimate };
  const degrees =
    1 / ((ofImputed / se) ** 4 / (unlabelled.length - 1) + (ofRectifier / se) ** 4 / (truth.length - 1));
  const half = studentTUpperQuantile((1 - level) / 2, degrees) * se;
  return { lambda, estimate, se, lower: estimate - half, upper: estimate + half };
}
