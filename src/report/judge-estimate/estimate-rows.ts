import type { CorrectedEstimate } from "../../judge/correction/corrected-estimate.js";
import { formatScore } from "../agreement-words.js";

/** One of the means that are printed beside each other. */
export interface EstimateRow {
  readonly name: string;
  readonly mean: CorrectedEstimate["raw"];
  /** What it rests on, in a few words. */
  readonly note: string;
}

/** The judge's own mean first, then its corrections, then the labels without the judge. */
export function estimateRows(estimate: CorrectedEstimate): readonly EstimateRow[] {
  const { raw, human, roganGladen, predictionPowered, tuned } = estimate;
  const { sensitivity, specificity } = roganGladen;
  return [
    { name: "the judge, uncorrected", mean: raw, note: "" },
    {
      name: "Rogan–Gladen",
      mean: roganGladen,
      note: `sensitivity ${formatScore(sensitivity)}, specificity ${formatScore(specificity)}`,
    },
    { name: "prediction-powered", mean: predictionPowered, note: "" },
    {
      name: "prediction-powered, tuned",
      mean: tuned,
      note: `weight of the judge ${formatScore(tuned.lambda)}`,
    },
    { name: "labels alone", mean: human, note: "" },
  ];
}
