import type { KappaWeights } from "../../stats/cohen-kappa.js";
import type { ChangedItem, JudgeComparison } from "./compare-judges.js";

/** One of the judges that are compared. */
export interface ComparedJudge {
  readonly judge: string;
  readonly judgeVersion: string;
  /** Items that this version judged, labelled or not. */
  readonly judged: number;
}

/** A changed item with what it says, cut; `null` where the text is not known. */
export interface ShownItem extends ChangedItem {
  readonly question: string | null;
  readonly answer: string | null;
  readonly otherAnswer: string | null;
}

/** Two judges against the labels of one rubric. */
export interface JudgeComparisonReport extends Omit<JudgeComparison, "changed"> {
  readonly rubric: string;
  readonly judges: { readonly first: ComparedJudge; readonly second: ComparedJudge };
  readonly categories: readonly string[];
  readonly weights: KappaWeights;
  /** Confidence level of the intervals. */
  readonly level: number;
  readonly minLabels: number;
  /** Labelled items, and why some of them do not count. */
  readonly items: {
    readonly labelled: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
    readonly neither: number;
    /** Items whose label is not on the scale. */
    readonly strangeLabels: number;
    /** Items that people disagree about, with nothing settled and no majority. */
    readonly disputed: number;
  };
  readonly changed: readonly ShownItem[];
}
