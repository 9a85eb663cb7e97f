import type { ValueCell } from "./measure-values.js";
import type { ArmFigure } from "./step-decision.js";

/** Two samples that are compared, and what came of it. */
export interface Comparison {
  readonly canary: ArmFigure;
  readonly stable: ArmFigure;
  /** Canary minus stable; `null` when one of them has no value. */
  readonly difference: number | null;
  /** Limits of `difference` that hold at all looks; `null`: none yet. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Whether a harm of `margin` is ruled out. */
  readonly isHarmRuledOut: boolean;
  /** The threshold in the measure's own unit; `null` while the reference of a relative one has no value. */
  readonly margin: number | null;
  /** All strata together say the opposite of the strata. */
  readonly reversal: boolean;
  /** How the limits came about. */
  readonly method: string;
}

/** Which values are compared with which. */
export interface Selection {
  readonly canary: (cell: ValueCell) => boolean;
  readonly stable: (cell: ValueCell) => boolean;
  /** Values of one group are compared with each other alone; small whole numbers. */
  readonly groupOf: (cell: ValueCell) => number;
}

export interface Tolerance {
  /** 1: a rise is harm; -1: a drop is. */
  readonly direction: 1 | -1;
  /** The threshold in the measure's own unit, given the value of the reference. */
  readonly marginOf: (reference: number) => number;
  /** Error probability of the limits, and of a harm that is found, at all looks together. */
  readonly alpha: number;
  /** Chance that a harm of the margin is ruled out. */
  readonly beta: number;
}

/** The cells of a selection. */
export function selected(cells: readonly ValueCell[], selection: Selection): ValueCell[] {
  return cells.filter((cell) => selection[cell.arm](cell));
}
