import { ALL_BPS } from "../../core/traffic-split.js";
import type { AssignmentEvidence } from "./assignment-evidence.js";
import type { Comparison, Selection } from "./comparison.js";
import type { Measure } from "./measures.js";
import { isAtFullTraffic, type ReleaseView } from "./release-view.js";
import type { RuleThreshold } from "./rule-threshold.js";
import type { UnitValue } from "./unit-values.js";

/** Part of a rule's error probability that the evidence of concurrent arms has; stable's past has the rest. */
const CONCURRENT_PART = 0.8;

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
  readonly evidence: AssignmentEvidence;
  readonly whole: Comparison;
  readonly compare: (selection: Selection, part?: number) => Comparison;
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
      const { canary, stable, groupOf } = reference.selection;
      const isSince = ({ unit }: UnitValue) => unit.at >= since;
      const late = compare({
        canary: (value) => isSince(value) && canary(value),
        stable: (value) => (reference.name === "baseline" || isSince(value)) && stable(value),
        groupOf,
      });
      if (reaches(late)) return { log: evidence.log, since, difference: late.difference ?? 0 };
    }
  }
  return againstPast(found);
}

/**
 * At full traffic there is no control. Then harm must stand out from everything that stable showed, by more than the
 * threshold and beyond the limits: another hour of the day must not look like harm.
 */
function againstPast({ compare, threshold, view, measure }: ProofInput): Proof | null {
  if (!view.units.some((unit) => isAtFullTraffic(view, unit))) return null;
  const from = Math.max(...view.steps.filter(({ bps }) => bps >= ALL_BPS).map(({ startedAt }) => startedAt));
  // Limits have two sides, and only one of them is harm.
  const past = compare(
    {
      canary: ({ unit }) => isAtFullTraffic(view, unit) && unit.at >= from,
      stable: () => true,
      groupOf: ({ unit }) => unit.stratum,
    },
    2 * (1 - CONCURRENT_PART),
  );
  if (past.lower === null || past.upper === null || past.margin === null || past.difference === null) {
    return null;
  }
  const least = threshold.direction === 1 ? past.lower : -past.upper;
  const isProven = measure.unit !== "count" && least >= past.margin;
  return isProven ? { log: null, since: from, difference: past.difference } : null;
}
