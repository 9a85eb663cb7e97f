import { z } from "zod";
import { count, hash } from "./shared.js";

const share = z.number().min(0).max(1).nullable();
const mean = z.strictObject({
  estimate: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  n: count.describe("Items that it rests on."),
  reason: z.string().nullable().describe("Why there is none, or no interval."),
});

/** A judge's mean and its corrections. */
export const correctedEstimate = z.strictObject({
  measure: z
    .enum(["share", "grade", "win-rate"])
    .describe("share: of items that pass; win-rate: of first answers, a tie counts half."),
  level: z.number().gt(0).lt(1).describe("Confidence level of the intervals."),
  items: count.describe("Items of the run that the judge was asked about."),
  unusable: count.describe("Items without a usable verdict, left out."),
  labels: z
    .strictObject({ used: count, inRun: count, elsewhere: count })
    .describe("Labelled items that the corrections rest on."),
  raw: mean.describe("What the judge says, uncorrected."),
  human: mean.describe("The labels alone."),
  roganGladen: z
    .strictObject({ ...mean.shape, sensitivity: share, specificity: share })
    .describe("Corrected by sensitivity and specificity; over the items without a label; shares only."),
  predictionPowered: mean.describe("Labels and verdicts combined, the judge with full weight."),
  tuned: z
    .strictObject({ ...mean.shape, lambda: share.describe("Weight of the judge.") })
    .describe("The same with the weight of least variance."),
  warnings: z.array(z.string()),
});

/** What a judge says of a run, beside what is left when its errors are taken out. */
export const judgeEstimate = z.strictObject({
  runId: z.string(),
  judge: z.string(),
  judgeVersion: hash,
  rubric: z.string().describe("Rubric of the labels."),
  notJudged: count.describe("Trials of the run that the judge was not asked about."),
  ...correctedEstimate.shape,
});
