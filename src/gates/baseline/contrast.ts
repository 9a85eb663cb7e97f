import type { PairCounts } from "../../comparison/comparison.js";
import { normalUpperQuantile, normalUpperTail } from "../../stats/normal.js";
import { tTest } from "../../stats/paired-t-test.js";
import type { PassCount } from "../../stats/pass-count.js";
import { studentTUpperQuantile } from "../../stats/student-t.js";

/** Groups below which those that are all alike prove nothing, where nothing bounds what others may be. */
export const ENOUGH_ALIKE = 10;
export const TOO_FEW_ALIKE = `fewer than ${ENOUGH_ALIKE} groups that are all alike show no variance`;

/** Limits of a two-sided interval; `null` where there is none. */
export interface Limits {
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * What two runs say of how they differ, before anybody asks at which level: candidate minus baseline in the unit of the
 * metric, or candidate over baseline minus 1.
 */
export interface Contrast {
  readonly value: number | null;
  readonly method: string;
  /** Pairs of cases (paired) or smaller number of cases (unpaired). */
  readonly n: number;
  readonly clusters: number;
  /** Candidate over baseline, minus 1; `null` when the baseline is 0 or unknown. */
  readonly relative: number | null;
  /** Of paired single outcomes. */
  readonly pairs: PairCounts | null;
  /** Of outcomes of different cases. */
  readonly arms: { readonly baseline: PassCount; readonly candidate: PassCount } | null;
  /** Why there is no value or no interval. */
  readonly reason: string | null;
  /** @param level - confidence of the two-sided interval, in (0, 1) */
  readonly limitsAt: (level: number) => Limits;
  /** One-sided p that the true value lies beyond `delta` on that side; `null` where no test is known. */
  readonly pBeyond: (delta: number, side: "above" | "below") => number | null;
  /**
   * Cases at which the one-sided limit would leave `delta` out, if everything stayed in proportion; `null` when the value
   * lies on it or nobody can say.
   */
  readonly casesToExclude: (delta: number, alpha: number) => number | null;
}

export type Facts = Pick<Contrast, "value" | "method" | "n" | "clusters" | "relative"> &
  Partial<Pick<Contrast, "pairs" | "arms" | "reason">>;

const MOST_CASES_FORECAST = 1e9;
/** Distances below this are rounding: the value lies on what is to be excluded. */
const ROUNDING = 1e-12;

/** Whether a standard error, or the width of an interval, is none but for rounding. */
export function showsNoVariance(width: number | null, size: number): boolean {
  return width !== null && width <= ROUNDING * Math.max(1, Math.abs(size));
}

/** Nothing to compare, and why. */
export function noContrast(reason: string): Contrast {
  const none = { value: null, method: "none", n: 0, clusters: 0, relative: null, pairs: null, arms: null };
  return { ...none, reason, limitsAt: noLimits, pBeyond: () => null, casesToExclude: () => null };
}

function noLimits(): Limits {
  return { lower: null, upper: null };
}

/**
 * By a score test. Its statistic grows with the root of the cases when every count grows alike, so the forecast is exact.
 *
 * @param scoreAt - statistic of H0: the true value is delta; `null` for a delta that it has no statistic of
 */
export function scoreContrast(
  facts: Facts,
  limitsAt: Contrast["limitsAt"],
  scoreAt: (delta: number) => number | null,
): Contrast {
  return {
    pairs: null,
    arms: null,
    reason: null,
    ...facts,
    limitsAt,
    pBeyond: (delta, side) => {
      const score = scoreAt(delta);
      return score === null ? null : normalUpperTail(side === "above" ? score : -score);
    },
    casesToExclude: (delta, alpha) => {
      const score = scoreAt(delta);
      if (score === null || score === 0) return null;
      return forecast(Math.floor(facts.n * (normalUpperQuantile(alpha) / score) ** 2) + 1);
    },
  };
}

/** Where a t interval is symmetric: on the values themselves, or on the logarithm of their ratio. */
export interface TScale {
  readonly to: (delta: number) => number;
  readonly from: (value: number) => number;
}

const PLAIN: TScale = { to: (delta) => delta, from: (value) => value };
export const LOG_RATIO: TScale = { to: Math.log1p, from: Math.expm1 };

/**
 * By Student's t.
 *
 * @param t - centre and standard error on the scale, with degrees of freedom; `se` `null` for fewer than two clusters
 * @param cut - what the limits cannot exceed
 */
export function tContrast(
  facts: Facts,
  t: { readonly centre: number; readonly se: number | null; readonly df: number | null },
  { scale = PLAIN, cut = (limit: number) => limit }: { scale?: TScale; cut?: (limit: number) => number } = {},
): Contrast {
  const { centre, se, df } = t;
  const halfAt = (tail: number) =>
    se === null || df === null ? null : se === 0 ? 0 : se * studentTUpperQuantile(tail, df);
  return {
    pairs: null,
    arms: null,
    reason: se === null ? "one group of cases gives no interval" : null,
    ...facts,
    limitsAt: (level) => {
      const half = halfAt((1 - level) / 2);
      if (half === null) return noLimits();
      return { lower: cut(scale.from(centre - half)), upper: cut(scale.from(centre + half)) };
    },
    pBeyond: (delta, side) => {
      const distance = centre - scale.to(delta);
      if (se === null || !Number.isFinite(distance)) return null;
      return tTest(distance, se, df, side === "above" ? "greater" : "less").p;
    },
    casesToExclude: (delta, alpha) => {
      const distance = Math.abs(centre - scale.to(delta));
      if (se === null || df === null || !Number.isFinite(distance) || distance < ROUNDING) return null;
      const degrees = degreesToExclude(distance, se, df, alpha);
      return degrees === null ? null : forecast(Math.ceil((facts.n * (degrees + 1)) / (df + 1)));
    },
  };
}

/** The fewest degrees of freedom at which half the width is below a distance, with the same spread of the clusters. */
function degreesToExclude(distance: number, se: number, df: number, alpha: number): number | null {
  const isExcluded = (degrees: number) =>
    studentTUpperQuantile(alpha, degrees) * se * Math.sqrt(df / degrees) < distance;
  let low = df;
  let high = df + 1;
  while (!isExcluded(high)) {
    low = high;
    high = 2 * high + 1;
    if (high > MOST_CASES_FORECAST) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isExcluded(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * By resampling. Each level is resampled once, with the same seed; its width shrinks with the root of the cases.
 *
 * @param at - the difference at a level
 */
export function resampledContrast(
  at: (level: number) => Facts & Limits,
  scale: TScale = PLAIN,
  firstLevel = 0.9,
): Contrast {
  const known = new Map<number, Facts & Limits>();
  const knownAt = (level: number) => {
    const found = known.get(level) ?? unlessAlike(at(level));
    known.set(level, found);
    return found;
  };
  const { value, method, n, clusters, relative, reason = null } = knownAt(firstLevel);
  return {
    value,
    method,
    n,
    clusters,
    relative,
    pairs: null,
    arms: null,
    reason,
    limitsAt: (level) => {
      const { lower, upper } = knownAt(level);
      return { lower, upper };
    },
    pBeyond: () => null,
    casesToExclude: (delta, alpha) => {
      const { lower, upper } = knownAt(1 - 2 * alpha);
      const facing = value !== null && delta < value ? lower : upper;
      if (value === null || facing === null) return null;
      const [centre, limit, wanted] = [scale.to(value), scale.to(facing), scale.to(delta)];
      const needed = n * ((centre - limit) / (centre - wanted)) ** 2;
      return Number.isFinite(needed) ? forecast(Math.floor(needed) + 1) : null;
    },
  };
}

/** Resamples of few groups that are all alike are all alike. */
function unlessAlike(found: Facts & Limits): Facts & Limits {
  const { value, lower, upper, clusters } = found;
  const width = lower === null || upper === null ? null : upper - lower;
  return clusters < ENOUGH_ALIKE && showsNoVariance(width, value ?? 0)
    ? { ...found, lower: null, upper: null, reason: TOO_FEW_ALIKE }
    : found;
}

/** The first contrast, claiming no more than the second allows: wider limits, larger p, more cases. */
export function wider(first: Contrast, second: Contrast): Contrast {
  return {
    ...first,
    method: `${first.method}, at least ${second.method}`,
    limitsAt: (level) => {
      const [a, b] = [first.limitsAt(level), second.limitsAt(level)];
      return { lower: ofBoth(Math.min, a.lower, b.lower), upper: ofBoth(Math.max, a.upper, b.upper) };
    },
    pBeyond: (delta, side) => ofBoth(Math.max, first.pBeyond(delta, side), second.pBeyond(delta, side)),
    casesToExclude: (delta, alpha) =>
      ofBoth(Math.max, first.casesToExclude(delta, alpha), second.casesToExclude(delta, alpha)),
  };
}

function ofBoth(pick: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : pick(a, b);
}

function forecast(cases: number): number | null {
  return cases > MOST_CASES_FORECAST ? null : cases;
}
