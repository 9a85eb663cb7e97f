import type { Verdict } from "../../core/score.js";
import type { GateKind } from "../gate-kind.js";

/** One step of the arithmetic: formula, numbers put in, what comes out. */
export interface ExplainedStep {
  /** e.g. `Interval: Wilson`. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** How one gate came to its verdict on one run. */
export interface GateExplanation {
  readonly name: string;
  readonly kind: GateKind;
  readonly required: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** What would make it conclusive; `null` where it is, and where that cannot be said. */
  readonly toSettle: string | null;
  readonly steps: readonly ExplainedStep[];
  readonly parts: readonly GateExplanation[];
}
