import type { CorrectedEstimate } from "./corrected-estimate.js";

/** What a judge says of a run, beside what is left when its errors are taken out. */
export interface JudgeEstimateReport extends CorrectedEstimate {
  readonly runId: string;
  readonly judge: string;
  readonly judgeVersion: string;
  readonly rubric: string;
  /** Trials of the run that the judge was not asked about. */
  readonly notJudged: number;
}
