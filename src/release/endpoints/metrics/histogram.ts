import type { MetricSample, MetricsPage } from "./parse-metrics-page.js";

/** A histogram as one page shows it, over all of its series. */
export interface Histogram {
  /** Upper bounds, ascending, the last one Infinity, each with the observations at or below it. */
  readonly buckets: readonly { readonly upper: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

/**
 * Adds up the series of a histogram, such as those of several engines.
 *
 * @param family - name without `_bucket`, `_sum` and `_count`
 * @returns `null` when the page has none of that name, or no bucket that holds everything (`le="+Inf"`)
 */
export function readHistogram(
  page: MetricsPage,
  family: string,
  where: (sample: MetricSample) => boolean = () => true,
): Histogram | null {
  const counts = new Map<number, number>();
  let sum = 0;
  for (const sample of page.samples) {
    if (!where(sample)) continue;
    if (sample.name === `${family}_sum`) sum += sample.value;
    if (sample.name !== `${family}_bucket`) continue;
    const upper = sample.labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(sample.labels.le);
    if (!Number.isNaN(upper)) counts.set(upper, (counts.get(upper) ?? 0) + sample.value);
  }
  const count = counts.get(Number.POSITIVE_INFINITY);
  if (count === undefined) return null;
  const buckets = [...counts].sort(([a], [b]) => a - b).map(([upper, below]) => ({ upper, count: below }));
  return { buckets, sum, count };
}

/**
 * What came in between two looks; `null` when the server started anew in between: counters went back, or its buckets are
 * others.
 */
export function histogramSince(before: Histogram, after: Histogram): Histogram | null {
  if (after.count < before.count || after.buckets.length !== before.buckets.length) return null;
  const buckets = after.buckets.map(({ upper, count }, index) => ({
    upper,
    count: count - (before.buckets[index]?.count ?? 0),
  }));
  const isOther = buckets.some(
    ({ upper, count }, index) => count < 0 || upper !== before.buckets[index]?.upper,
  );
  if (isOther) return null;
  return { buckets, sum: after.sum - before.sum, count: after.count - before.count };
}

/**
 * Quantile by linear interpolation within its bucket, as `histogram_quantile` of PromQL has it.
 *
 * @param q - in [0, 1]
 * @returns `null` without observations; the largest finite bound when the quantile lies above it, so a figure that says
 *   "at least"
 */
export function histogramQuantile({ buckets, count }: Histogram, q: number): number | null {
  if (!(count > 0) || buckets.length < 2) return null;
  const rank = q * count;
  const index = buckets.findIndex((bucket) => bucket.count >= rank);
  const bucket = buckets[index];
  if (bucket === undefined || bucket.upper === Number.POSITIVE_INFINITY) return buckets.at(-2)?.upper ?? null;
  if (index === 0 && bucket.upper <= 0) return bucket.upper;
  const lower = buckets[index - 1] ?? { upper: 0, count: 0 };
  const inside = bucket.count - lower.count;
  if (inside <= 0) return bucket.upper;
  return lower.upper + (bucket.upper - lower.upper) * ((rank - lower.count) / inside);
}
