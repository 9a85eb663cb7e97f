import { assignmentLogRatio } from "../../stats/assignment-log-ratio.js";
import { bernoulliConfidenceSequence } from "../../stats/bernoulli-confidence-sequence.js";
import { changePointEValue } from "../../stats/change-point-e-value.js";
import { clopperPearson } from "../../stats/clopper-pearson.js";
import { neededLog, PAST_PART } from "./proof.js";
import type { Split } from "./release-totals.js";
import type { ReleaseView } from "./release-view.js";

/** A burst is at least this many more failed conversations in the canary than in stable, as a share. */
const BURST = 0.05;
/** How much oftener a canary in a burst fails. */
const RATIOS = [4, 10, 30];
const EVEN = RATIOS.map(() => 1);

/** One sentence of a canary that fails clearly more than stable, over the release or from a step on; `null`: it does not. */
export function errorBurst(view: ReleaseView): string | null {
  return concurrentBurst(view) ?? burstAtFullTraffic(view);
}

function concurrentBurst({ totals: { splits }, plan, alpha }: ReleaseView): string | null {
  const rows: number[][] = [];
  for (const { share, place, failed } of splits) {
    while (rows.length <= place) rows.push(RATIOS.map(() => 0));
    const row = rows[place] as number[];
    const units = { canary: failed.canary, baseline: failed.stable };
    for (const [at, ratio] of RATIOS.entries()) row[at]! += assignmentLogRatio(units, share, ratio);
  }
  if (rows.length === 0) return null;
  const { log, since } = changePointEValue(rows, EVEN, plan.steps.length);
  if (log < neededLog(alpha)) return null;
  return excessFrom(splits, since) ?? excessFrom(splits, 0);
}

function excessFrom(splits: readonly Split[], from: number): string | null {
  const { units, failed } = countsFrom(splits, from);
  const excess = failed.canary / Math.max(1, units.canary) - failed.stable / Math.max(1, units.stable);
  if (excess < BURST) return null;
  const since = from === 0 ? "" : ` since step ${from + 1}`;
  return `burst of errors: ${failed.canary} of ${units.canary} conversations of the canary failed${since}, ${failed.stable} of ${units.stable} of stable`;
}

/** Nobody has the control's place at full traffic: then the limits must lie a burst apart from all that stable showed. */
function burstAtFullTraffic({ totals: { full, splits }, alpha }: ReleaseView): string | null {
  const { units, failed } = countsFrom(splits, 0);
  if (full.units === 0 || units.stable === 0) return null;
  const part = (PAST_PART * alpha) / 2;
  const { lower } = bernoulliConfidenceSequence(full.failed, full.units, { alpha: part });
  const { upper } = clopperPearson(failed.stable, units.stable, 1 - 2 * part);
  if (lower === null || upper === null || lower - upper < BURST) return null;
  return `burst of errors at full traffic: ${full.failed} of ${full.units} conversations failed, ${failed.stable} of ${units.stable} of stable before`;
}

/** Units by arm from a step on, and how many of them failed. */
function countsFrom(splits: readonly Split[], from: number) {
  const units = { canary: 0, stable: 0 };
  const failed = { canary: 0, stable: 0 };
  for (const split of splits) {
    if (split.place < from) continue;
    units.canary += split.canary;
    units.stable += split.units - split.canary;
    failed.canary += split.failed.canary;
    failed.stable += split.failed.stable;
  }
  return { units, failed };
}
