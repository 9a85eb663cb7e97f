import type { PassCount } from "./pass-count.js";

/**
 * Variance of the difference of two pass rates, current minus baseline, at the rates of greatest likelihood among
 * those that differ by `delta`. Without the factor n/(n - 1) of Miettinen and Nurminen.
 *
 * @param baseline - at least one trial
 * @param current - at least one trial
 * @param delta - in (-1, 1)
 * @see Farrington and Manning 1990, Statistics in Medicine 9(12):1447
 */
export function farringtonManningVariance(baseline: PassCount, current: PassCount, delta: number): number {
  if (delta < 0) return farringtonManningVariance(current, baseline, -delta);
  const successes = baseline.successes + current.successes;
  if (2 * successes > baseline.trials + current.trials) {
    // Rates near 0 keep digits that rates near 1 lose, so the rarer outcome is counted.
    return farringtonManningVariance(failures(current), failures(baseline), delta);
  }
  const low = restrictedRate(baseline, current, delta);
  const high = low + delta;
  return (low * (1 - low)) / baseline.trials + (high * Math.max(0, 1 - high)) / current.trials;
}

const failures = ({ successes, trials }: PassCount): PassCount => ({ successes: trials - successes, trials });

/** The lower of the two rates that differ by delta >= 0 and make the data likeliest; the other is delta above. */
function restrictedRate(low: PassCount, high: PassCount, delta: number): number {
  const most = 1 - delta;
  const slopeAt = (rate: number) =>
    part(low.successes, rate) -
    part(low.trials - low.successes, 1 - rate) +
    part(high.successes, rate + delta) -
    part(high.trials - high.successes, most - rate);
  if (slopeAt(0) <= 0) return 0;
  if (slopeAt(most) >= 0) return most;
  return polish(cubicRoot(low, high, delta), most, low, high, delta, slopeAt);
}

/** count / rate, where a count of 0 has no part in the likelihood even at rate 0. */
function part(count: number, rate: number): number {
  return count === 0 ? 0 : count / rate;
}

/** Middle root of the cubic that the likelihood equation becomes (the other two lie outside the possible rates). */
function cubicRoot(low: PassCount, high: PassCount, delta: number): number {
  const trials = low.trials + high.trials;
  const successes = low.successes + high.successes;
  const square = ((high.trials + 2 * low.trials) * delta - trials - successes) / (3 * trials);
  const linear = ((low.trials * delta - trials - 2 * low.successes) * delta + successes) / trials;
  const constant = (low.successes * delta * (1 - delta)) / trials;
  const offset = square ** 3 - (square * linear) / 2 + constant / 2;
  const radius = Math.sign(offset) * Math.sqrt(Math.max(0, square * square - linear / 3));
  if (radius === 0) return -square;
  const angle = Math.acos(Math.max(-1, Math.min(1, offset / radius ** 3)));
  return 2 * radius * Math.cos((Math.PI + angle) / 3) - square;
}

/**
 * Newton steps on the likelihood equation, kept inside a shrinking bracket: the arc cosine loses half of its digits
 * where two roots of the cubic are close.
 */
function polish(
  start: number,
  most: number,
  low: PassCount,
  high: PassCount,
  delta: number,
  slopeAt: (rate: number) => number,
): number {
  const curvature = (rate: number) =>
    part(low.successes, rate ** 2) +
    part(low.trials - low.successes, (1 - rate) ** 2) +
    part(high.successes, (rate + delta) ** 2) +
    part(high.trials - high.successes, (most - rate) ** 2);
  let below = 0;
  let above = most;
  let rate = start > below && start < above ? start : most / 2;
  for (let step = 0; step < 200; step++) {
    const slope = slopeAt(rate);
    if (slope === 0) return rate;
    if (slope > 0) below = rate;
    else above = rate;
    const newton = rate + slope / curvature(rate);
    const next = newton > below && newton < above ? newton : (below + above) / 2;
    if (Math.abs(next - rate) <= 4 * Number.EPSILON * rate) return next;
    rate = next;
  }
  return rate;
}
