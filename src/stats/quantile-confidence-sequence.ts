import { logBernoulliEValue } from "./bernoulli-e-value.js";
import type { Interval } from "./interval.js";
import { requireLevel } from "./validate.js";
import type { WeightedOrder } from "./weighted-order.js";

/** How strongly the mixture is drawn to the quantile itself: limits are tight from some ten of conversations on. */
const PRIOR_UNITS = 20;

/**
 * Confidence sequence for a quantile of values that come in clusters: with probability at least 1 - alpha the true
 * quantile lies within the limits at all looks at once. Each cluster weighs the same, however many values it has; of a
 * cluster's values only their mean share below a point counts, so that dependence within it does no harm.
 *
 * Limits are the values between which a Bernoulli confidence sequence cannot tell the share below from q. Shares of a
 * cluster are means between 0 and 1, for which the Bernoulli e-value stays an e-value.
 *
 * @param order - the values; those of one cluster have weights that sum to the weight of the cluster
 * @param units - independent clusters that they come from; weights are scaled to them
 * @param q - in (0, 1)
 * @returns `lower` or `upper` `null` when so few units do not bound it
 * @throws {StatisticsError} if q or alpha lies outside (0, 1)
 * @see Howard and Ramdas 2022, Bernoulli 28(3):1704
 */
export function quantileConfidenceSequence(
  order: WeightedOrder,
  units: number,
  q: number,
  alpha: number,
): Interval {
  requireLevel(alpha);
  requireLevel(q);
  const n = Math.floor(units);
  if (order.whole === 0 || n < 1) return { estimate: null, lower: null, upper: null };
  const below = (count: number) => order.valueAbove((count / n) * order.whole);
  const lowest = criticalCount(n, q, alpha, "low");
  const highest = criticalCount(n, q, alpha, "high");
  return {
    estimate: below(q * n),
    lower: lowest === null ? null : below(lowest),
    upper: highest === null ? null : below(highest),
  };
}

/** The count nearest to n·q, below or above it, that a share of q rules out; `null` when none does. */
function criticalCount(n: number, q: number, alpha: number, side: "low" | "high"): number | null {
  const prior = [PRIOR_UNITS * q, PRIOR_UNITS * (1 - q)] as const;
  const isOut = (count: number) => logBernoulliEValue(count, n, { p0: q, prior }) >= -Math.log(alpha);
  let outside = side === "low" ? 0 : n;
  if (!isOut(outside)) return null;
  let inside = side === "low" ? Math.ceil(n * q) : Math.floor(n * q);
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.floor((outside + inside) / 2);
    if (isOut(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}
