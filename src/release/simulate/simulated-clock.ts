import type { Clock } from "../../core/clock.js";

/** A clock that stands still until it is told to go on. */
export class SimulatedClock implements Clock {
  #now: number;

  /** @param start - milliseconds since the Unix epoch */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** @param ms - at least 0 */
  advance(ms: number): void {
    this.#now += ms;
  }
}
