import type { ChangedAnchor, JudgeDrift } from "./drift-report.js";

/** A changed anchor with what it says, cut; `null` where the text is not known. */
export interface ShownAnchor extends ChangedAnchor {
  readonly question: string | null;
  readonly answer: string | null;
  readonly otherAnswer: string | null;
}

/** Drift of a judge as it is printed, with the texts of what changed. */
export interface JudgeDriftReport extends Omit<JudgeDrift, "changedAnchors"> {
  readonly changedAnchors: readonly ShownAnchor[];
  /** The report file, relative to the working directory. */
  readonly file: string;
}
