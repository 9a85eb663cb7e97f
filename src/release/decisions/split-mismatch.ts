import { chiSquareUpperTail } from "../../stats/chi-square.js";
import { mixtureRadius } from "../../stats/mixture-radius.js";
import { sampleRatioMismatch } from "../../stats/sample-ratio-mismatch.js";
import type { Split } from "./release-totals.js";
import type { ReleaseView } from "./release-view.js";

const ALPHA = 0.001;
/** Below so many expected units of the canary chi-square sees mismatches that are none. */
const LEAST_EXPECTED = 10;
/** Chance of a false alarm over all looks of one of the two tests. */
const LASTING_ALPHA = 0.005;
/** Variance of the count at which a mismatch should be found soonest. */
const TIGHT_AT = 500;

/**
 * Whether assignment went as configured, counted at assignment: a conversation that stable took over from the canary is
 * the canary's. The step of now, and all steps together by their own shares.
 *
 * @returns one sentence, or `null`
 */
export function splitMismatch(view: ReleaseView): string | null {
  const { evidence, steps, totals } = view;
  const splits = totals.splits.map((split) => ({ ...split }));
  const last = steps.length - 1;
  const current = splits.find(({ place }) => place === last);
  if (current !== undefined) {
    const moved = movedConversations(view, current);
    current.canary += evidence.fallbacks + moved;
    current.units += evidence.fallbacks;
  }
  return currentMismatch(current) ?? pooledMismatch(splits);
}

/** Conversations of the canary that stand under stable, since a router redispatched their requests. */
function movedConversations({ evidence, units }: ReleaseView, { units: all, canary }: Split): number {
  const redispatched = evidence.arms.find(({ arm }) => arm === "canary")?.redispatched ?? 0;
  if (redispatched === 0) return 0;
  const requests = units.reduce(
    (sum, { records }) => sum + records.reduce((total, record) => total + record.requests.length, 0),
    0,
  );
  return Math.min(all - canary, Math.round(redispatched / Math.max(1, requests / units.length)));
}

function currentMismatch(split: Split | undefined): string | null {
  if (split === undefined) return null;
  const { canary, units, share } = split;
  if (units * Math.min(share, 1 - share) < LEAST_EXPECTED) return null;
  const { p, mismatch } = sampleRatioMismatch([canary, units - canary], [share, 1 - share], ALPHA);
  if (!mismatch || !lasts(canary - units * share, units * share * (1 - share))) return null;
  return `the split is not as configured: ${percent(canary / units)} of ${units} conversations in the canary, ${percent(share)} wanted (p = ${p.toExponential(1)})`;
}

/** Excess over all steps, each by its own share: steps alone may be too short to show it. */
function pooledMismatch(splits: readonly Split[]): string | null {
  let excess = 0;
  let expected = 0;
  let variance = 0;
  for (const { units, canary, share } of splits) {
    excess += canary - units * share;
    expected += units * share;
    variance += units * share * (1 - share);
  }
  if (expected < LEAST_EXPECTED || variance === 0) return null;
  const p = chiSquareUpperTail(excess ** 2 / variance, 1);
  if (p >= ALPHA || !lasts(excess, variance)) return null;
  return `the split is not as configured: ${Math.round(expected + excess)} conversations in the canary over all steps, ${Math.round(expected)} expected (p = ${p.toExponential(1)})`;
}

/** p < 0.001 comes up by chance when it is looked at all day; what lasts also stands out from all looks together. */
function lasts(excess: number, variance: number): boolean {
  return (
    Math.abs(excess) / variance > mixtureRadius(1 / variance, { tightAt: 1 / TIGHT_AT, alpha: LASTING_ALPHA })
  );
}

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
