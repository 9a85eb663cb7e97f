import type { CalibrationVerdict } from "../../core/judgement.js";
import { wilson } from "../../stats/wilson.js";

/** What decides whether a judge is calibrated. */
export interface CalibrationEvidence {
  /** Items with a label and a verdict. */
  readonly n: number;
  /** Cases, or groups of cases, that they belong to. */
  readonly clusters: number;
  /** Kappa (weighted as declared) with its limits; `null` where it is not defined. */
  readonly kappa: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Observed agreement with the weights of kappa, in [0, 1]; `null` without items. */
  readonly observed: number | null;
  /** Agreement by chance with the weights of kappa, in [0, 1]; `null` without items. */
  readonly expected: number | null;
  /** Most that a judge which always gives one label would agree, with the weights of kappa; `null` without items. */
  readonly baseline: number | null;
  /** Different labels that people gave on the joined items. */
  readonly labelsOfPeople: number;
  /** Different labels that the judge gave on them. */
  readonly labelsOfJudge: number;
  /** What the lower limit of kappa must reach, in (0, 1]. */
  readonly floor: number;
  readonly minLabels: number;
  /** Confidence level of the limits, in (0, 1). */
  readonly level: number;
}

export interface CalibrationDecision {
  readonly verdict: CalibrationVerdict;
  /** One sentence: what decided. */
  readonly reason: string;
}

/** What sums of shares may be off by. */
const ROUNDING = 1e-12;

/**
 * What a judge may be used for.
 *
 * - *calibrated*: at least `minLabels` items of as many cases, and the lower limit of kappa is at least `floor`. When judge and people agree
 *   on every item the interval of kappa has no width; the lower limit is then what kappa would be at the lower Wilson limit
 *   of the agreement, so that a handful of rare labels calibrates nobody.
 * - *unusable*: kappa is not defined; or its upper limit is below `floor` and the judge shows nothing that chance or one
 *   constant label would not: the lower limit is at most 0, the judge gave one label only, or it agrees no more often than
 *   a judge that always gives the best single label.
 * - *advisory*: everything else.
 */
export function calibrationVerdict(evidence: CalibrationEvidence): CalibrationDecision {
  const { n, minLabels, floor, kappa, lower, upper } = evidence;
  if (n === 0) return unusable("no item has both a label of people and a verdict of the judge");
  if (kappa === null || lower === null || upper === null) {
    return unusable(
      `kappa is not defined: people and judge gave one and the same label on all ${n} items; label some that differ`,
    );
  }
  const useless = upper < floor - ROUNDING ? whyUseless(evidence, lower) : null;
  if (useless !== null) return unusable(useless);
  if (n < minLabels) {
    return advisory(`${n} items have a label and a verdict, ${minLabels} are the least that calibrates`);
  }
  if (evidence.clusters < minLabels) {
    return advisory(
      `${n} items have a label and a verdict, but of ${evidence.clusters} cases only; ${minLabels} different ones are the least that calibrates`,
    );
  }
  const limit = kappa >= 1 - ROUNDING ? Math.min(lower, lowerOfPerfect(evidence)) : lower;
  if (limit >= floor - ROUNDING) {
    return {
      verdict: "calibrated",
      reason: `the lower limit of kappa, ${shown(limit)}, reaches ${shown(floor)}`,
    };
  }
  return advisory(
    kappa >= 1 - ROUNDING
      ? `all ${n} items agree, but rarer labels are too few to show it: kappa may be as low as ${shown(limit)}, below ${shown(floor)}`
      : `the lower limit of kappa, ${shown(lower, floor)}, does not reach ${shown(floor)}`,
  );
}

function whyUseless(evidence: CalibrationEvidence, lower: number): string | null {
  const { labelsOfJudge, labelsOfPeople, observed, baseline, upper, floor } = evidence;
  const below = `the upper limit of kappa, ${shown(upper ?? 0, floor)}, is below ${shown(floor)}`;
  if (labelsOfPeople === 1)
    return `people gave one label only, so that nothing tells a good judge from a bad one`;
  if (labelsOfJudge === 1) return `the judge gave one label only, whatever it saw`;
  if (lower <= ROUNDING) {
    return `${below}, and its lower limit, ${shown(lower)}, does not rule out agreement by chance`;
  }
  if (observed !== null && baseline !== null && observed <= baseline + ROUNDING) {
    return `${below}, and the judge agrees no more often than one that always gives the same label`;
  }
  return null;
}

/** Kappa at the lower Wilson limit of the agreement, when everything agrees. */
function lowerOfPerfect({ clusters, expected, level }: CalibrationEvidence): number {
  const agreement = wilson(clusters, clusters, level).lower ?? 0;
  const chance = expected ?? 1;
  return chance >= 1 ? -1 : Math.max(-1, (agreement - chance) / (1 - chance));
}

/** Three decimals, or as many as it takes to read differently from what it is compared with. */
function shown(value: number, other: number | null = null): string {
  for (let digits = 3; digits < 12; digits += 1) {
    const text = String(Number(value.toFixed(digits)));
    if (other === null || value === other || Number(text) !== other) return text;
  }
  return String(value);
}

function unusable(reason: string): CalibrationDecision {
  return { verdict: "unusable", reason };
}

function advisory(reason: string): CalibrationDecision {
  return { verdict: "advisory", reason };
}
