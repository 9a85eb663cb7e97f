import type { GateResult } from "../gate-report.js";

/** A slice that was judged alone, before all of them are looked at together. */
export interface JudgedSlice {
  readonly result: GateResult;
  /**
   * Whether it fails at the error rate divided by a number; `null` for a rule without one, such as a threshold on an
   * estimate.
   */
  readonly failsAmong: ((slices: number) => boolean) | null;
  /** What would make it fail among as many slices, e.g. `about 40 more cases`. */
  readonly toFailAmong: (slices: number) => string | null;
}
