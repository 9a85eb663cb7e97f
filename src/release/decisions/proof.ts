import { ALL_BPS } from "../../core/traffic-split.js";
import type { AssignmentEvidence } from "./assignment-evidence.js";
import type { Comparison, Selection } from "./comparison.js";
import { MeasureValues, type ValueCell } from "./measure-values.js";
import type { Measure } from "./measures.js";
import type { ReleaseView } from "./release-view.js";
import type { RuleThreshold } from "./rule-threshold.js";
import type { Cuts } from "./unit-values.js";
import type { Unit } from "./units.js";

/** Part of a rule's error probability that the evidence of concurrent arms has; stable's past has the rest. */
const CONCURRENT_PART = 0.8;
export const PAST_PART = 1 - CONCURRENT_PART;

/** Natural logarithm of the e-value at which harm is proven. */
export function neededLog(alpha: number): number {
  return -Math.log(CONCURRENT_PART * alpha);
}

/** What the canary is compared with. */
export interface Reference {
  readonly name: "control" | "baseline";
  readonly selection: Selection;
  readonly note: string | null;
}

/** How harm was proven. */
export interface Proof {
  /** Natural logarithm of the e-value; `null`: by limits against the past. */
  readonly log: number | null;
  /** Since when the harm is there; `null`: over the whole release. */
  readonly since: number | null;
  readonly difference: number;
}

export interface ProofInput {
  readonly measure: Measure;
  readonly threshold: RuleThreshold;
  readonly view: ReleaseView;
  readonly cuts: Cuts;
  readonly evidence: AssignmentEvidence;
  readonly whole: Comparison;
  readonly found: MeasureValues;
  readonly compare: (cells: readonly ValueCell[], selection: Selection, part?: number) => Comparison;
  readonly reference: Reference;
}

/** Proven by assignment and as large as the threshold, over all or since the change; or clear against the past. */
export function proofOf(found: ProofInput): Proof | null {
  const { evidence, threshold, whole, compare, reference, view } = found;
  const reaches = ({ difference, margin }: Comparison) =>
    difference !== null && margin !== null && threshold.direction * difference >= margin;
  if (evidence.log >= neededLog(view.alpha)) {
    if (reaches(whole)) return { log: evidence.log, since: null, difference: whole.difference ?? 0 };
    const { since } = evidence;
    if (since !== null) {
      const late = compare(cellsSince(since, found), reference.selection);
      if (reaches(late)) return { log: evidence.log, since, difference: late.difference ?? 0 };
    }
  }
  return againstPast(found);
}

/** The values from some time on; of a baseline it is none, since it lies before. */
function cellsSince(since: number, { measure, view, cuts, reference }: ProofInput): readonly ValueCell[] {
  const isPast = reference.name === "baseline" ? ({ place }: Unit) => place === -1 : () => false;
  const late = new MeasureValues(measure);
  late.absorb(
    view.units.filter((unit) => unit.at >= since || isPast(unit)),
    cuts,
  );
  return late.cells;
}

/**
 * At full traffic there is no control. Then harm must stand out from everything that stable showed, by more than the
 * threshold and beyond the limits: another hour of the day must not look like harm.
 */
function againstPast({ found, compare, threshold, view, measure }: ProofInput): Proof | null {
  const full = view.steps.findLastIndex(({ bps }) => bps >= ALL_BPS);
  const from = view.steps[full]?.startedAt;
  if (from === undefined) return null;
  // Limits have two sides, and only one of them is harm.
  const past = compare(
    found.cells,
    {
      canary: ({ place }) => place === full,
      stable: () => true,
      groupOf: ({ stratum }) => stratum,
    },
    2 * PAST_PART,
  );
  if (past.lower === null || past.upper === null || past.margin === null || past.difference === null) {
    return null;
  }
  const least = threshold.direction === 1 ? past.lower : -past.upper;
  const isProven = measure.unit !== "count" && least >= past.margin;
  return isProven ? { log: null, since: from, difference: past.difference } : null;
}
