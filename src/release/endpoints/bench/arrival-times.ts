import { SeededRandom } from "../../../stats/random.js";

export type ArrivalKind = "poisson" | "constant";

/**
 * When requests are due, in milliseconds from the start of the load. Poisson: independent exponential gaps, as of many
 * users who know nothing of each other. Constant: equal gaps.
 *
 * @param rate - requests a second, above 0
 * @param durationMs - no request is due at or after it
 * @param shift - share of a gap, 0 to 1, by which constant arrivals are late, so that two loads alternate
 */
export function arrivalTimes(options: {
  readonly kind: ArrivalKind;
  readonly rate: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly shift?: number;
}): readonly number[] {
  const { kind, rate, durationMs, seed, shift = 0 } = options;
  const gapMs = 1000 / rate;
  if (kind === "constant") {
    // From a tiny amount less: 30 s at 0.1/s are 3 requests, although 3 · 10,000 is a little more in doubles.
    const count = Math.max(0, Math.ceil(durationMs / gapMs - shift - 1e-9));
    return Array.from({ length: count }, (_, index) => (index + shift) * gapMs);
  }
  const random = new SeededRandom(seed);
  const times: number[] = [];
  for (let at = 0; ; ) {
    at -= Math.log(1 - random.nextUnit()) * gapMs;
    if (at >= durationMs) return times;
    times.push(at);
  }
}
