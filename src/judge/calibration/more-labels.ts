import { type LabelsNeeded, labelsNeeded } from "../../stats/labels-needed.js";
import { normalUpperQuantile } from "../../stats/normal.js";
import type { CalibrationEvidence } from "./calibration-verdict.js";

/**
 * Labelled items that would bring the lower limit of kappa to the floor, if kappa and the shares of the labels stay what they
 * are, and at least those that a calibration takes.
 */
export function moreLabels(evidence: CalibrationEvidence & { readonly se: number | null }): LabelsNeeded {
  const { kappa, se, n, floor, level, minLabels } = evidence;
  const needed = kappa === 1 ? afterPerfection(evidence) : labelsNeeded({ kappa, se, n, floor, level });
  if (needed.total === null) return needed;
  const total = Math.max(needed.total, minLabels);
  return { ...needed, total, more: total - n };
}

/** Solves the lower Wilson limit of full agreement, n / (n + z²), for the kappa that it stands for. */
function afterPerfection({ n, expected, floor, level }: CalibrationEvidence): LabelsNeeded {
  const chance = expected ?? 1;
  const agreement = chance + floor * (1 - chance);
  if (agreement >= 1) return { more: null, total: null, reason: "no number of labels proves full agreement" };
  const z = normalUpperQuantile((1 - level) / 2);
  const total = Math.max(n, Math.ceil((agreement * z * z) / (1 - agreement)));
  return { more: total - n, total, reason: null };
}
