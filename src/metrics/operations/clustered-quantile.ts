import { clusteredMean } from "../../stats/clustered-se.js";
import { quantile } from "../../stats/quantile.js";

interface ClusteredQuantile {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly clusters: number;
}

/**
 * Quantile (type 7) of values that come in clusters, such as the turns of one conversation. Order statistics would take
 * the values for independent and give an interval that is too narrow; this is Woodruff's: the share of values up to
 * the estimate has a cluster-robust standard error (CR1) with Student's t, and its limits around q are read off the
 * values again.
 *
 * @param q - in (0, 1)
 * @returns `null` limits that lie beyond the values, and with fewer than two clusters or clusters that do not differ
 * @see Woodruff 1952, JASA 47(260):635
 */
export function clusteredQuantile(
  values: readonly number[],
  clusters: readonly string[],
  q: number,
  level: number,
): ClusteredQuantile {
  const estimate = quantile(values, q);
  if (estimate === null) return { estimate, lower: null, upper: null, clusters: 0 };
  const below = values.map((value) => (value <= estimate ? 1 : 0));
  const share = clusteredMean(below, clusters, { level });
  const none = { estimate, lower: null, upper: null, clusters: share.clusters };
  if (share.se === null || share.se === 0 || share.mean === null || share.upper === null) return none;
  const half = share.upper - share.mean;
  return {
    ...none,
    lower: q - half > 0 ? quantile(values, q - half) : null,
    upper: q + half < 1 ? quantile(values, q + half) : null,
  };
}
