import type { Clock } from "../../src/core/clock.js";

/** A moment of the simulated clock, as processes tell it each other. */
export interface Moment {
  /** Milliseconds since the Unix epoch; it may be set by somebody. */
  readonly wall: number;
  /** Milliseconds that only grow. */
  readonly mono: number;
}

/** A clock that shows what it was told. */
export class ToldClock implements Clock {
  #moment: Moment = { wall: 0, mono: 0 };

  tell(moment: Moment): void {
    this.#moment = moment;
  }

  now(): number {
    return this.#moment.wall;
  }

  monotonic(): number {
    return this.#moment.mono;
  }
}
