import type { ReleaseRecord } from "../journal/journal.js";

/** Looks at the world, at the least often. */
const MOST_TICK_MS = 5000;
const LEAST_TICK_MS = 100;
/** Ticks in a bake of any length. */
const TICKS_A_BAKE = 20;
const MOST_ERROR_WAIT_MS = 60_000;

/** How long a step bakes at the most, milliseconds. */
export function longestBakeMs({ plan, extendedMs }: ReleaseRecord, step: number): number {
  return (plan.steps[step]?.maxBakeMs ?? 0) + extendedMs;
}

/** How often a step is looked at. */
export function tickMs({ plan }: ReleaseRecord, step: number, mostMs: number): number {
  const share = (plan.steps[step]?.bakeMs ?? 0) / TICKS_A_BAKE;
  return Math.min(mostMs, MOST_TICK_MS, Math.max(LEAST_TICK_MS, share));
}

/**
 * How long after an evaluation that decided nothing the next one is due: those that the plan tolerates are spread from
 * the least to the longest bake, so that none is wasted on the same figures.
 */
export function lookIntervalMs(release: ReleaseRecord, step: number): number {
  const least = release.plan.steps[step]?.bakeMs ?? 0;
  return Math.max(0, longestBakeMs(release, step) - least) / (release.plan.limits.inconclusive + 1);
}

/** How long after figures that could not be read, or that failed within the limit, they count again. */
export function recountMs(release: ReleaseRecord, step: number): number {
  const share = (release.plan.steps[step]?.bakeMs ?? 0) / 10;
  return Math.min(MOST_ERROR_WAIT_MS, Math.max(LEAST_TICK_MS, share));
}
