import { normalUpperQuantile } from "../../stats/normal.js";
import { type Contrast, type Facts, scoreContrast } from "./contrast.js";

/** Means in both runs, and by how much two values can differ. */
export interface AlikeMeans {
  readonly before: number;
  readonly after: number;
  readonly span: number;
}

/**
 * Where every group changed alike no variance shows, and an interval without width would claim certainty. The share of
 * groups that may be otherwise is bounded by Wilson, z^2 / (G + z^2) of G groups, and those may have changed by as much as
 * values can. Where no group changed, this is Tango's interval of as many pairs that agree.
 *
 * @param isRelative - candidate over baseline minus 1 is asked for; the baseline is above 0
 */
export function likeDifferences(
  { before, after, span }: AlikeMeans,
  isRelative: boolean,
  facts: Omit<Facts, "value" | "method">,
): Contrast {
  const { clusters } = facts;
  // A ratio of r is a difference of 0 from the baseline taken r times, of which other groups may have all or nothing.
  const scale = isRelative ? before : 1;
  const value = (after - before) / scale;
  const gap = (delta: number) => (isRelative ? after - (1 + delta) * before : value - delta);
  const reach = (delta: number, isAbove: boolean) => {
    if (isRelative) return isAbove ? (1 + delta) * span : span;
    return isAbove ? span + delta : span - delta;
  };
  const limit = (share: number, isAbove: boolean) => {
    if (!isRelative) return isAbove ? value - share * (span + value) : value + share * (span - value);
    const kept = 1 - share;
    return isAbove
      ? (after * kept) / (before * kept + share * span) - 1
      : (after * kept + share * span) / (before * kept) - 1;
  };
  return scoreContrast(
    { ...facts, value, method: "wilson-clusters of differences" },
    (level) => {
      const zSquared = normalUpperQuantile((1 - level) / 2) ** 2;
      const share = zSquared / (clusters + zSquared);
      return { lower: limit(share, true), upper: limit(share, false) };
    },
    (delta) => {
      const distance = gap(delta);
      // Odds of the groups that would have to be otherwise.
      const odds = Math.abs(distance) / reach(delta, distance > 0);
      return Number.isFinite(odds) ? Math.sign(distance) * Math.sqrt(clusters * odds) : null;
    },
  );
}
