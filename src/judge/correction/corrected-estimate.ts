import type { JudgeScale } from "../../config/judge/judge-schema.js";
import { meanInterval } from "../../stats/mean-interval.js";
import { type PredictionPoweredMean, predictionPoweredMean } from "../../stats/prediction-powered-mean.js";
import { type RoganGladen, roganGladen } from "../../stats/rogan-gladen.js";
import { wilson } from "../../stats/wilson.js";
import { sampleWarnings } from "./sample-warnings.js";
import { type EstimateMeasure, type LabelScores, labelScores } from "./verdict-score.js";

/** An item with what the judge said, and people where they said something. */
export interface EstimatedItem {
  readonly item: string;
  /** Label of the judge; `null`: none that can be used. */
  readonly judged: string | null;
  /** Label of people; `null` without one. */
  readonly truth: string | null;
  /** What it can be grouped by; several tags are joined by a comma. */
  readonly slices: { readonly [name: string]: string };
  /** The case that it is a trial of; `null` when it is not known. */
  readonly caseId: string | null;
}

/** A mean with its interval. `null`: the mean or its interval cannot be given, and `reason` says why. */
interface Mean {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly n: number;
  readonly reason: string | null;
}

/** What share of a run passes, by the judge alone and corrected for its errors. */
export interface CorrectedEstimate {
  readonly measure: EstimateMeasure;
  /** Confidence level of all intervals. */
  readonly level: number;
  /** Items of the run that the judge was asked about. */
  readonly items: number;
  /** Of these, items without a usable verdict: left out of every mean. */
  readonly unusable: number;
  /** Labelled items with a usable verdict that the corrections rest on. */
  readonly labels: { readonly used: number; readonly inRun: number; readonly elsewhere: number };
  /** What the judge says of the run, uncorrected. */
  readonly raw: Mean;
  /** The labels alone. */
  readonly human: Mean;
  /** Share corrected by sensitivity and specificity; for shares only. */
  readonly roganGladen: Mean & Pick<RoganGladen, "sensitivity" | "specificity">;
  /** Labels and verdicts combined, with full weight of the judge. */
  readonly predictionPowered: Mean;
  /** The same with the weight of least variance (PPI++). */
  readonly tuned: Mean & { readonly lambda: number | null };
  readonly warnings: readonly string[];
}

export interface CorrectedEstimateInput {
  readonly scale: JudgeScale;
  /** Judged items of the run, with their labels where there are some. */
  readonly run: readonly EstimatedItem[];
  /** Items outside the run with a label and a verdict of the same version of the judge. */
  readonly elsewhere: readonly EstimatedItem[];
  /** Fewer labels in the run: those from elsewhere are taken too. */
  readonly minLabels: number;
  /** Confidence in (0, 1). */
  readonly level: number;
}

interface Scored {
  readonly item: EstimatedItem;
  readonly judged: number;
  readonly truth: number | null;
}

interface Labelled extends Scored {
  readonly truth: number;
}

/** Disagreements of judge and people below which the corrected intervals are too narrow. */
const FEW_ERRORS = 5;

/**
 * The mean of a judge over a run beside what it is once the judge's errors, as measured on labelled items, are taken
 * out. Corrections hold when the labelled items are a random sample of the run's; `warnings` says where they do not look
 * like one.
 */
export function correctedEstimate(input: CorrectedEstimateInput): CorrectedEstimate {
  const scale = labelScores(input.scale);
  const { measure, scoreOf } = scale;
  const { level, minLabels } = input;
  const scored = (items: readonly EstimatedItem[]) =>
    items.flatMap((item): readonly Scored[] => {
      const judged = item.judged === null ? null : scoreOf(item.judged);
      const truth = item.truth === null ? null : scoreOf(item.truth);
      return judged === null ? [] : [{ item, judged, truth }];
    });
  const run = scored(input.run);
  const inRun = run.filter(isLabelled);
  const elsewhere = inRun.length >= minLabels ? [] : scored(input.elsewhere).filter(isLabelled);
  const labelled = [...inRun, ...elsewhere];
  const unlabelled = run.filter((one) => !isLabelled(one));
  const powered = predictionPoweredMean({
    labelled: labelled.map(({ truth, judged }) => ({ truth, judged })),
    unlabelled: unlabelled.map(({ judged }) => judged),
    level,
  });
  return {
    measure,
    level,
    items: input.run.length,
    unusable: input.run.length - run.length,
    labels: { used: labelled.length, inRun: inRun.length, elsewhere: elsewhere.length },
    raw: meanOf(
      run.map(({ judged }) => judged),
      scale,
      level,
      "the judge gave no usable verdict",
    ),
    human: meanOf(
      labelled.map(({ truth }) => truth),
      scale,
      level,
      "no item is labelled",
    ),
    roganGladen: measure === "share" ? shareCorrected(labelled, unlabelled, level) : notAShare(measure),
    ...poweredMeans(powered, scale),
    warnings: [
      ...warningsOf({ labelled, elsewhere, run, powered, minLabels }),
      ...sampleWarnings(
        labelled.map(({ item }) => item),
        unlabelled.map(({ item }) => item),
      ),
    ],
  };
}

function isLabelled(one: Scored): one is Labelled {
  return one.truth !== null;
}

function meanOf(
  values: readonly number[],
  { measure, clipped }: LabelScores,
  level: number,
  reason: string,
): Mean {
  const n = values.length;
  if (n === 0) return { estimate: null, lower: null, upper: null, n, reason };
  if (measure === "share") {
    const passed = values.filter((value) => value === 1).length;
    return { ...wilson(passed, n, level), n, reason: null };
  }
  const { mean, lower, upper } = meanInterval(values, level);
  const limit = (value: number | null) => (value === null ? null : clipped(value));
  return { estimate: mean, lower: limit(lower), upper: limit(upper), n, reason: null };
}

function shareCorrected(
  labelled: readonly Labelled[],
  unlabelled: readonly Scored[],
  level: number,
): CorrectedEstimate["roganGladen"] {
  const positive = labelled.filter(({ truth }) => truth === 1);
  const negative = labelled.filter(({ truth }) => truth === 0);
  const { corrected, sensitivity, specificity, lower, upper, reason } = roganGladen({
    positives: unlabelled.filter(({ judged }) => judged === 1).length,
    n: unlabelled.length,
    truePositives: positive.filter(({ judged }) => judged === 1).length,
    conditionPositives: positive.length,
    trueNegatives: negative.filter(({ judged }) => judged === 0).length,
    conditionNegatives: negative.length,
    level,
  });
  const why = unlabelled.length === 0 && labelled.length > 0 ? ALL_LABELLED : reason;
  return { estimate: corrected, lower, upper, n: unlabelled.length, reason: why, sensitivity, specificity };
}

const ALL_LABELLED = "every judged item of the run has a label: the labels alone are the answer";

function notAShare(measure: EstimateMeasure): CorrectedEstimate["roganGladen"] {
  const reason = `a ${measure} has no sensitivity and specificity`;
  return { estimate: null, lower: null, upper: null, n: 0, reason, sensitivity: null, specificity: null };
}

function poweredMeans(
  { ppi, tuned, reason, labelled, unlabelled }: PredictionPoweredMean,
  { clipped }: LabelScores,
): Pick<CorrectedEstimate, "predictionPowered" | "tuned"> {
  const n = labelled + unlabelled;
  const why = unlabelled === 0 && labelled > 0 ? ALL_LABELLED : reason;
  const none = { estimate: null, lower: null, upper: null, n, reason: why };
  const mean = ({ estimate, lower, upper }: NonNullable<typeof ppi>): Mean => {
    return { estimate: clipped(estimate), lower: clipped(lower), upper: clipped(upper), n, reason: null };
  };
  return {
    predictionPowered: ppi === null ? none : mean(ppi),
    tuned: tuned === null ? { ...none, lambda: null } : { ...mean(tuned), lambda: tuned.lambda },
  };
}

function warningsOf({
  labelled,
  elsewhere,
  run,
  powered,
  minLabels,
}: {
  readonly labelled: readonly Labelled[];
  readonly elsewhere: readonly Labelled[];
  readonly run: readonly Scored[];
  readonly powered: PredictionPoweredMean;
  readonly minLabels: number;
}): readonly string[] {
  const groups = new Set(run.flatMap(({ item }) => item.slices.group ?? item.caseId ?? []));
  return [
    ...(labelled.length < minLabels
      ? [`${labelled.length} labels are few: ${minLabels} are the least that a judge is measured by`]
      : []),
    ...(elsewhere.length > 0
      ? [
          `${elsewhere.length} of the ${labelled.length} labelled items are not of this run: the judge may err on them in another way`,
        ]
      : []),
    ...(powered.ppi !== null && powered.disagreements < FEW_ERRORS
      ? [
          `judge and people differ on ${powered.disagreements} labelled items: the prediction-powered intervals are too narrow`,
        ]
      : []),
    ...(groups.size > 0 && groups.size < run.length
      ? [
          `the ${run.length} items belong to ${groups.size} cases or groups of cases: intervals count them as independent and are too narrow`,
        ]
      : []),
  ];
}
